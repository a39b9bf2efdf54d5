"""The command line: arguments to options, one call, an exit status.

0 all is well, 1 there are errors (with ``--strict`` also warnings), 2 the command was not understood.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from grimoire import diagnostics
from grimoire.arguments import parser
from grimoire.building import Built, Checked, Options, build, check
from grimoire.builds import unwatched
from grimoire.progress import Bar


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        argv: the arguments without the program's name; those of the process if None.

    Returns:
        The exit status.
    """
    for stream in ("stdout", "stderr"):
        if getattr(sys, stream) is None:  # its caller closed it: what is said there is for nobody
            setattr(sys, stream, io.StringIO())
    wanted = parser()
    arguments, rest = wanted.parse_known_args(argv)
    if arguments.command == "new" and arguments.site is None and len(rest) == 1 and rest[0][:1] != "-":
        # Older Pythons look for an optional argument only before the options that follow the first.
        arguments.site = Path(rest.pop())
    if rest:
        wanted.error(f"unrecognized arguments: {' '.join(rest)}")
    commands = {
        "build": _build, "serve": _serve, "check": _check, "new": _new, "init": _init, "explain": _explain,
    }  # fmt: skip
    try:
        return commands[arguments.command](arguments)
    except OSError as error:
        _say(f"grimoire: {error.filename or 'the output'}: {error.strerror or error}")
        return 1


def _explain(arguments: argparse.Namespace) -> int:
    code: str = arguments.code
    if code not in diagnostics.CODES:
        from grimoire.fields import nearest  # noqa: PLC0415  imports YAML

        guess = nearest(code, diagnostics.CODES)
        _say(f"no diagnostic is called `{code}`" + (f"; did you mean `{guess}`?" if guess else ""))
        return 2
    severity, text = diagnostics.CODES[code]
    sys.stdout.write(f"{code} ({severity})\n\n{text}\n")
    return 0


def _build(arguments: argparse.Namespace) -> int:
    site: Path = arguments.site
    if not _is_folder(site):
        return 2
    base_url = arguments.base_url
    if base_url is not None:
        if not base_url.startswith(("http://", "https://")):
            _say("grimoire: --base-url wants an address that begins with https:// or http://")
            return 2
        base_url = base_url.rstrip("/") + "/"
    options = Options(
        site=site,
        out=arguments.out,
        base_url=base_url,
        drafts=arguments.drafts,
        clean=arguments.clean,
        jobs=arguments.jobs,
    )
    with Bar(sys.stderr) as bar:
        built = build(options, waiting=_waiting, watch=unwatched if arguments.quiet else bar)
    _show(built, as_json=arguments.format == "json")
    status = 1 if _fails(built, strict=arguments.strict) else 0
    if built.is_written:
        if arguments.explain:
            for path, reason in built.reasons:
                sys.stdout.write(f"{path}: {reason}\n")
        if not arguments.quiet:
            sys.stdout.write(summary(built) + "\n")
        if arguments.paranoid:
            status = _compare(options, built) or status
    return status


def _serve(arguments: argparse.Namespace) -> int:
    try:
        return _serve_until_interrupted(arguments)
    except KeyboardInterrupt:  # it had hardly begun
        return 0


def _serve_until_interrupted(arguments: argparse.Namespace) -> int:
    from grimoire.serve import PortInUse, Terminal, Wanted, link_template, serve  # noqa: PLC0415  only for this command

    site: Path = arguments.site
    if not _is_folder(site):
        return 2
    editor = link_template(arguments.editor)
    if editor is None:
        _say("grimoire: --editor wants the name of an editor, or an address with {path}, {line} and {column}")
        return 2
    wanted = Wanted(
        site=site,
        out=arguments.out,
        drafts=arguments.drafts,
        host=arguments.host,
        port=arguments.port,
        polls=arguments.poll,
        opens=arguments.open,
        editor=editor,
    )

    def rebuilt(options: Options) -> Built:
        with Bar(sys.stderr) as bar:
            return build(options, waiting=_waiting, watch=bar)

    def show(built: Built) -> None:
        _show(built, as_json=False)
        if built.is_written:
            tell(summary(built))

    def tell(text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    try:
        serve(wanted, rebuilt, Terminal(built=show, say=_say, tell=tell))
    except PortInUse as error:
        other = f"; {error.free} is free: `--port {error.free}`" if error.free else ""
        _say(f"grimoire: port {error.port} is in use{other}")
        return 1
    return 0


def _check(arguments: argparse.Namespace) -> int:
    site: Path = arguments.site
    if not _is_folder(site):
        return 2
    checked = check(Options(site=site, drafts=arguments.drafts))
    if arguments.format == "github":
        folder = "" if site == Path() else f"{site.as_posix()}/"
        for one in checked.diagnostics:
            sys.stdout.write(diagnostics.as_github(one, checked.texts.get, folder) + "\n")
    else:
        _show(checked, as_json=arguments.format == "json")
    if arguments.format == "text":
        sys.stdout.write(f"{_held(checked)}\n")
    return 1 if _fails(checked, strict=arguments.strict) else 0


def _is_folder(site: Path) -> bool:
    if not site.is_dir():
        _say(f"grimoire: {site} is not a folder" if site.exists() else f"grimoire: there is no folder {site}")
        return False
    return True


def _new(arguments: argparse.Namespace) -> int:
    from grimoire.scaffold import new_entry  # noqa: PLC0415  only for this command

    site: Path = arguments.site or Path()
    if not _is_folder(site):
        return 2
    if not arguments.title.strip():
        _say("grimoire: an entry needs a title")
        return 2
    try:
        path = new_entry(site, arguments.title.strip(), arguments.tag)
    except FileExistsError as error:
        _say(f"grimoire: {error.filename} is there already, and is left as it is")
        return 1
    sys.stdout.write(f"{path}\n")
    return 0


def _init(arguments: argparse.Namespace) -> int:
    from grimoire.scaffold import new_site  # noqa: PLC0415  only for this command

    try:
        paths = new_site(arguments.folder)
    except FileExistsError:
        _say(f"grimoire: {arguments.folder} is not an empty folder; nothing is written")
        return 1
    for path in paths:
        sys.stdout.write(f"{path}\n")
    return 0


def _fails(done: Built | Checked, *, strict: bool) -> bool:
    severities = {one.severity for one in done.diagnostics}
    is_written = isinstance(done, Checked) or done.is_written
    return not is_written or "error" in severities or (strict and "warning" in severities)


def _show(built: Built | Checked, *, as_json: bool) -> None:
    if as_json:
        sys.stderr.write(diagnostics.as_json(built.diagnostics, built.texts.get) + "\n")
        return
    colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    for one in built.diagnostics:
        _say(diagnostics.as_text(one, built.texts.get, colour=colour) + "\n")
    if built.diagnostics:
        counts = [
            f"{number} {name}{'' if number == 1 else 's'}"
            for name in ("error", "warning", "note")
            if (number := sum(one.severity == name for one in built.diagnostics))
        ]
        _say(", ".join(counts))


def summary(built: Built) -> str:
    """The last line of a build: what the site holds, and how much of it was made anew."""
    return (
        f"{_held(built)}, "
        f"{_count(built.work.rendered, 'page')} rendered, {built.work.kept:,} kept, {built.seconds:.1f} s"
    )


def _held(done: Built | Checked) -> str:
    """What the site holds."""
    missing = f" ({done.missing:,} missing)" if done.missing else ""
    return f"{_count(done.terms, 'term')}, {_count(done.links, 'link')}{missing}"


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def _compare(options: Options, built: Built) -> int:
    """Build from nothing elsewhere and say where the two differ."""
    from grimoire.paranoid import differences  # noqa: PLC0415  only when asked for

    found = differences(options, built)
    for line in found:
        _say(f"paranoid: {line}")
    if not found:
        sys.stdout.write("paranoid: a build from nothing gives the same\n")
    return 1 if found else 0


def _waiting() -> None:
    _say("another build of this site is running; waiting for it")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
