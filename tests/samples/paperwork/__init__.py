"""Invented paperwork for tests: forms, letters, decisions, in Swedish and English.

Everything here is synthetic and written apart from the training texts of the product: other
words, other layout. The people, towns and countries do not exist. Real papers vary more, so
figures on this set say how the method does, not how well it will do on the programme's mail.
"""
