"""A stand-in for the program, for the keeper's tests: `sign-in` hands bytes over, `desk` writes down what it reads.

    python stand_in.py SCRIPT sign-in|desk|waiting-room --folder FOLDER

A desk that got a key prints a line, as for the waiting room's screen, which writes down what it is given.
SCRIPT holds one line for each start of sign-in: the bytes to hand over and its exit code.
"""

import json
import os
import sys
from pathlib import Path


def main() -> int:
    script, process, folder = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[4])
    if process == "waiting-room":
        with (folder / "read-by-screen").open("ab", buffering=0) as file:
            file.write(b"started\n")
            while said := os.read(0, 1 << 16):
                file.write(said)
            file.write(b"ended\n")
        return 0
    if process == "desk":
        said = os.read(0, 1 << 16)
        if said:
            os.write(1, b"tickets of " + said + b"\nhalf a line")
        with (folder / "read-by-desk").open("a", encoding="ascii") as file:
            file.write(f"{said.decode('ascii')}\n")
        return 20 if said else 0
    turns = json.loads(script.read_text(encoding="utf-8"))
    turn, left = turns[0], turns[1:]
    script.write_text(json.dumps(left or [["", 0]]), encoding="utf-8")
    if turn[0]:
        os.write(1, turn[0].encode("ascii"))
    os.close(1)
    return int(turn[1])


if __name__ == "__main__":
    sys.exit(main())
