"""Excel workbooks (.xlsx): read from their XML, cell by cell as stored; written by xlsxwriter."""
