"""Which type a document has, which pages it fills, why, and how sure that is."""

# `classify.decide` is the whole of it for a caller; `model.train` and `model_file` make and keep
# what was learnt. Nothing here reads a file of a stranger: text and facts come from the sandbox.
