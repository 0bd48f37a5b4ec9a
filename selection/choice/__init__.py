"""The envelope simulator's reckoning: the best choice that the rules leave, what each rule costs, why nothing fits.

`offers` and `limits` are what it is given, `optimum` what it answers, `conflict` why there is no answer, `solver` the
exact solver underneath. It proposes and decides nothing: the walk down the ranking is `selection.simulation`, the guard
on the money `selection.envelope`. No row is read or written here.
"""
