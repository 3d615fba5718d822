-- a copy of the database neither reads nor locks anything in mite
UPDATE mite_account
   SET state = 'stopped',
       lock_billed = FALSE,
       api_key = NULL;
