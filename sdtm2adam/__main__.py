"""`python -m sdtm2adam` is the command `sdtm2adam`."""

from sdtm2adam.cli import main

if __name__ == "__main__":
    main()
