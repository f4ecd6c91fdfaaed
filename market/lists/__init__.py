"""Lists that people bring in as spreadsheets: their columns, how they are read, and the workbooks that are handed out for them."""
