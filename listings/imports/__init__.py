"""A university's own list of achievements as a file: its columns, its rows, what is wrong with them, and the workbooks we give."""
