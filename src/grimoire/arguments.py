"""What can be asked for on the command line: every command with its arguments, and the help."""

import argparse
import os
from pathlib import Path


def parser() -> argparse.ArgumentParser:
    """Make what reads the arguments of all commands, and tells of them."""
    whole = argparse.ArgumentParser(
        prog="grimoire", description="Turn a folder of Markdown entries into a searchable glossary."
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    build_command = commands.add_parser("build", help="build the site", description="Build the site.")
    add = build_command.add_argument
    add("site", nargs="?", default=".", type=Path, metavar="SITE",
        help="a folder with content/, or any folder of Markdown (default: here)")  # fmt: skip
    add("--out", type=Path, metavar="DIR", help="where to write the site (default: SITE/public)")
    add("--base-url", metavar="URL", help="where the site will stand; overrides the setting")
    add("--drafts", action="store_true", help="build entries marked as drafts too")
    add("--strict", action="store_true", help="let warnings fail the build as errors do")
    add("--clean", action="store_true", help="forget what earlier builds remembered")
    add("--explain", action="store_true", help="say of each page why it was rendered")
    add("--jobs", type=_jobs, default=_cores(), metavar="N",
        help="how many processes may share the work, where there is enough of it (default: as many as there are "
        "cores)")  # fmt: skip
    add("--paranoid", action="store_true", help="build a second time from nothing, and compare")
    add("--format", choices=("text", "json"), default="text", help="the form of the diagnostics")
    add("--quiet", action="store_true", help="print nothing but diagnostics")
    serve_command = commands.add_parser(
        "serve", help="write with the site in the browser",
        description="Build the site, serve it to this machine, and at each save build it again and show it in the "
        "browser, with what is wrong over the page. Ctrl-C ends it.",
    )  # fmt: skip
    add = serve_command.add_argument
    add("site", nargs="?", default=".", type=Path, metavar="SITE",
        help="a folder with content/, or any folder of Markdown (default: here)")  # fmt: skip
    add(
        "--port",
        type=_port,
        default=8000,
        metavar="PORT",
        help="the port (default: 8000; 0 is any that is free)",
    )
    add("--open", action="store_true", help="open a browser")
    add("--drafts", action="store_true", help="build entries marked as drafts too")
    add("--out", type=Path, metavar="DIR", help="where to build the site (default: SITE/.grimoire/serve)")
    add("--editor", metavar="NAME", default=os.environ.get("GRIMOIRE_EDITOR", "vscode"),
        help="where places in files lead: vscode, vscodium, cursor, zed, idea, textmate, none, or an address with "
        "{path}, {line} and {column} (default: what GRIMOIRE_EDITOR says, else vscode)")  # fmt: skip
    add("--poll", action="store_true",
        help="look at all files again and again, where the system does not tell of changes: on network drives and "
        "in some containers")  # fmt: skip
    add("--host", default="127.0.0.1", metavar="ADDRESS",
        help="the address to listen on (default: 127.0.0.1, this machine alone); with 0.0.0.0 everyone in the "
        "network can read the site, its drafts and its diagnostics")  # fmt: skip
    check_command = commands.add_parser(
        "check", help="look a site over",
        description="Say all that a build would say, and what may be made better, without writing the site.",
    )  # fmt: skip
    add = check_command.add_argument
    add("site", nargs="?", default=".", type=Path, metavar="SITE",
        help="a folder with content/, or any folder of Markdown (default: here)")  # fmt: skip
    add("--drafts", action="store_true", help="look at entries marked as drafts too")
    add("--strict", action="store_true", help="let warnings fail the check as errors do")
    add("--format", choices=("text", "json", "github"), default="text", help="the form of the diagnostics")
    new = commands.add_parser(
        "new", help="begin an entry", description="Begin an entry: write its file, and print where it is.",
        usage="%(prog)s [-h] TITLE [--tag TAG]... [SITE]",
    )  # fmt: skip
    new.add_argument("title", metavar="TITLE", help="the entry's title; its file is named after it")
    new.add_argument("site", nargs="?", type=Path, metavar="SITE",
                     help="a folder with content/, or any folder of Markdown (default: here)")  # fmt: skip
    new.add_argument("--tag", action="append", default=[], metavar="TAG", help="a tag; may be given again")
    init = commands.add_parser(
        "init", help="begin a site", description="Begin a site: write a small complete one to go on from."
    )
    init.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder")
    explain = commands.add_parser("explain", help="explain a diagnostic", description="Explain a diagnostic.")
    explain.add_argument("code", metavar="CODE", help="the word in brackets, such as missing-term")
    return whole


def _cores() -> int:
    """The number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"wants a number of processes, 1 or more, and not {text!r}")
    return int(text)


def _port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= number <= 65535:
        message = "wants a number from 0 to 65535"
        raise argparse.ArgumentTypeError(message)
    return number
