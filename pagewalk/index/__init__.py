"""A rebuildable SQL index over results folders of asv, ours or any other project's.

Files are the truth; the index answers quickly what is there. `database.open_index` names one,
`updating.update` brings it up to date, the functions of `queries` read it and `changes` finds what moved.
Nothing is imported here: the worker processes that parse files need neither SQL nor numpy.
"""
