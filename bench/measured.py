"""Runs a command and prints its seconds, peak memory in MB and exit status as JSON on the last line of standard output.

Run it as `python -I -S measured.py COMMAND...`: Linux counts the pages of the process that forks in the child's peak, so the
process that starts the command has to be small; one that has loaded numpy would hide 40 MB.
"""

import json
import os
import subprocess
import sys
import time


def main() -> None:
    start = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=sys.stderr)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    processor = usage.ru_utime + usage.ru_stime
    print(json.dumps({"seconds": seconds, "processor_seconds": processor, "peak_mb": usage.ru_maxrss / 1024,
                      "exit": os.waitstatus_to_exitcode(status)}))


if __name__ == "__main__":
    main()
