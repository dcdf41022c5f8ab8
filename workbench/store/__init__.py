"""KEEP the case: one SQLite file for what people made, Parquet files for what can be rebuilt.

What holds here, whatever happens to the machine:

* every act goes through ``CaseStore.acting``: what it records and its entry in the journal are one
  transaction, on disk when it returns;
* one program writes a case, many read it;
* values that come out are words of ``model``, never rows; what goes in is text, never SQL;
* the index is never needed to open a case, and never believed when its digest is another.
"""
