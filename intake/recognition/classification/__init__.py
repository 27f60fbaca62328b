"""What a document is: its type, the pages it fills, the reasons, and how sure that is.

`classify.decide` is the whole of it for a caller; `model.train` and `model_file` make and
keep what was learnt. Imports the standard library and numpy; scikit-learn only while
training. Nothing here reads a file of a stranger: text and facts come from the jail.
"""
