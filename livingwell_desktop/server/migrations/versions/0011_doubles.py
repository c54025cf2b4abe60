"""What "same person?" needs: whose card has changed and was not compared yet, and by what people are compared.

It imports nothing of the program, so that it does the same for ever.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE to_compare (person uuid PRIMARY KEY);
INSERT INTO to_compare (person) SELECT person FROM card;

-- Whoever may be somebody else shares one of these with them. Protected people are among them: it leaves this server
-- only as a question for the privacy officer of their own centre.
CREATE TABLE comparing_key (
    key text NOT NULL,
    person uuid NOT NULL,
    PRIMARY KEY (key, person)
);
CREATE INDEX comparing_key_person ON comparing_key (person);
GRANT SELECT, INSERT, DELETE ON to_compare, comparing_key TO livingwell_server;
-- For the lock under which two processes share the work.
GRANT UPDATE ON to_compare TO livingwell_server;
"""


def upgrade() -> None:
    """Make the tables; everybody who is here is compared once."""
    op.get_bind().exec_driver_sql(_TABLES)
