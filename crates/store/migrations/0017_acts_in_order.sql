-- What somebody did last is read from the end, by the index alone: SQLite keeps the row's number in every
-- index, PostgreSQL does not, and sorted all that she had ever done.

DROP INDEX audit_by;
CREATE INDEX audit_by ON audit_row (who, id);
