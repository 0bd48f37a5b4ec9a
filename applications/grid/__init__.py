"""The financing plan and the savings as grids: rows say what, columns are years, a cell is an amount.

The lines that are kept, one per row and year, are the truth; `rows` reads them as a grid, `entry` is the grid as one
types it, `reading` the grid as one reads it, `sheet` the grid as it is pasted.
"""
