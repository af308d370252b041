"""The command line: `qunhu run | demo | migrate | backup | restore | doctor | who | classify | replay | audit | feedback | resources`."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.terminal import as_written
from moderation.errors import QunhuError

app = typer.Typer(
    help="Qunhu 群护: watches over a support group and brings what matters to a human.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
console = Console(stderr=True)
audit = typer.Typer(help="The log of decisions, actions, settings and views.", no_args_is_help=True)
feedback = typer.Typer(help="What humans here judged, for training.", no_args_is_help=True)
app.add_typer(audit, name="audit")
app.add_typer(feedback, name="feedback")
vetting = typer.Typer(help="Pages: check, approve, see what is due.", no_args_is_help=True)
app.add_typer(vetting, name="resources")
keys = typer.Typer(help="The key under which everything is kept.", no_args_is_help=True)
app.add_typer(keys, name="keys")

In = Annotated[str, typer.Option("--in", help="JSON lines to read; - is standard input.")]
Out = Annotated[str, typer.Option("--out", help="Where to write; - is standard output.")]
Model = Annotated[Path | None, typer.Option(help="Folder of another model.")]


@app.command()
def run(
    dry: Annotated[bool, typer.Option("--dry", help="Receive and decide, send nothing.")] = False,
) -> None:
    """Run the bot with the settings in the environment or .env."""
    from bot.app import run as run_bot
    from bot.logs import set_up
    from bot.settings import load_settings

    settings = load_settings()
    set_up(settings.log_format)
    _until_stopped(lambda stop: run_bot(settings, stop, dry_run=dry))


@app.command()
def demo(
    once: Annotated[bool, typer.Option(help="Play the evening, print, and end.")] = False,
    port: Annotated[int, typer.Option(help="Port of the page.")] = 8088,
    speed: Annotated[float, typer.Option(help="Messages a second.")] = 2.0,
) -> None:
    """Try everything on this machine: no token, no server, invented people."""
    from bot.demo.show import show

    raise typer.Exit(asyncio.run(show(once=once, port=port, speed=speed)))


@app.command()
def migrate() -> None:
    """Bring the database to this version; `run` does it by itself."""
    from bot.operating.doctor import migrate_database
    from bot.settings import load_settings

    console.print(asyncio.run(migrate_database(load_settings())))


@app.command()
def backup(
    file: Annotated[Path | None, typer.Argument(help="Where to; else in the data folder.")] = None,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Keep so many in that folder, delete older ones.")
    ] = None,
) -> None:
    """Write one sealed, verified file of all that is kept; the bot may run. The key is not in it."""
    from bot.operating.backup import back_up, keys_behind
    from bot.settings import load_settings

    settings = load_settings()
    print(back_up(settings, file, keep))
    console.print("Verified. Keep it on another machine, and the key on yet another.")
    console.print(
        "The members' own keys lie beside it, and are written over there at every erasure."
    )
    console.print("A copy that you make of them by hand is yours to replace.")
    for copy in keys_behind(settings):
        console.print(f"Not up to date since the last erasure: {copy}", soft_wrap=True)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of the database that is there.")
    ] = False,
) -> None:
    """Bring a backup back, and up to this version; stop the bot first."""
    from bot.operating.backup import restore as bring_back
    from bot.settings import load_settings

    found = bring_back(load_settings(), file, replace=replace)
    console.print(f"Restored: made {found.made_at} at revision {found.revision}.")
    console.print(f"{found.updates} updates are still to be worked on; {found.messages} messages")
    console.print("still to go out will be marked «可能重复», as they may have since.")
    if found.aside is not None:
        console.print(f"What was there is now {found.aside}.", soft_wrap=True)


@app.command()
def doctor(
    new_key: Annotated[bool, typer.Option("--new-key", help="Print a fresh key and end.")] = False,
    live: Annotated[bool, typer.Option("--live", help="Ask the running bot and Telegram.")] = False,
) -> None:
    """Say what works and what is missing, with the remedy for each."""
    from bot.operating.doctor import examine
    from bot.operating.live import examine_live
    from moderation.storage.sealing import make_key

    if new_key:
        print(make_key())
        return
    raise typer.Exit(asyncio.run(examine_live(console) if live else examine(console)))


@app.command()
def who() -> None:
    """Print the ids of groups and people near the bot, for the settings; needs the token alone."""
    from bot.operating.nearby import show_nearby

    raise typer.Exit(asyncio.run(show_nearby(Console())))


@app.command()
def classify(source: In = "-", target: Out = "-", model: Model = None) -> None:
    """Judge messages: JSON lines in, JSON lines out, in order. Needs no settings and no network."""
    from bot.operating.classify import classify_lines

    raise typer.Exit(classify_lines(source, target, model))


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="A chat export or conversation JSON lines.")],
    json_out: Annotated[
        Path | None, typer.Option("--json", help="Also write the alerts as JSON lines.")
    ] = None,
    pictures: Annotated[
        Path | None, typer.Option(help="Folder for pictures of spirals and of the climate.")
    ] = None,
    model: Model = None,
) -> None:
    """Show what would have been flagged in a past chat; sends and stores nothing."""
    from bot.replay.show import replay_file

    replay_file(file, json_out, model, pictures)


@audit.command("verify")
def audit_verify(
    seen: Annotated[
        str | None, typer.Option(help="A head printed earlier, which must still be there.")
    ] = None,
) -> None:
    """Check the whole chain; exit code 1 and the place if it is broken."""
    from bot.learning.ledger import verify

    raise typer.Exit(asyncio.run(verify(console, seen)))


@audit.command("export")
def audit_export(target: Out = "-") -> None:
    """Write every entry as a JSON line; that this was done is an entry too."""
    from bot.learning.ledger import export

    raise typer.Exit(asyncio.run(export(target)))


@feedback.command("export")
def feedback_export(target: Out = "-", model: Model = None) -> None:
    """Write labelled lines of members who agreed, pseudonymised."""
    from bot.learning.feedback import export

    raise typer.Exit(asyncio.run(export(console, target, model)))


@feedback.command("spirals")
def feedback_spirals(target: Out = "-") -> None:
    """Write the spirals humans judged, as numbers: who is nobody, when is seconds, no text."""
    from bot.learning.spirals import export

    raise typer.Exit(asyncio.run(export(console, target)))


@keys.command()
def rotate() -> None:
    """Make a new key, seal everything anew with it, and destroy the old one; go on if interrupted."""
    from bot.operating.keychange import change_key
    from bot.settings import load_settings

    console.print(asyncio.run(change_key(load_settings())), soft_wrap=True)


@vetting.command("check")
def check_pages(
    folder: Annotated[Path | None, typer.Argument(help="Your own pages, read over ours.")] = None,
) -> None:
    """Everything wrong with the pages; exit code 1 if there is anything."""
    from bot.advice.vetting import check_pages as check

    raise typer.Exit(1 if check(Console(), folder) else 0)


@vetting.command()
def approve(
    ids: Annotated[list[str], typer.Argument(help="Ids of pages.")],
    approver: Annotated[str, typer.Option("--as", help="Who stands for them; readers see it.")],
) -> None:
    """Record who approved the present text of pages; changed text loses its approval."""
    from bot.advice.vetting import approve_pages
    from bot.settings import load_settings

    asyncio.run(approve_pages(load_settings(), ids, approver, Console()))


@vetting.command()
def status() -> None:
    """Until when each page holds, and who approved it."""
    from bot.advice.vetting import show_status
    from bot.settings import load_settings

    asyncio.run(show_status(load_settings(), Console()))


@vetting.command()
def questions() -> None:
    """What members asked and no page answered, without who asked."""
    from bot.advice.vetting import show_questions
    from bot.settings import load_settings

    asyncio.run(show_questions(load_settings(), Console()))


def main() -> None:
    """Run a command; an expected error is one clear sentence and exit code 1."""
    try:
        app()
    except QunhuError as error:
        console.print(
            "[bold red]qunhu:[/]", as_written(str(error)), highlight=False, soft_wrap=True
        )
        sys.exit(1)


def _until_stopped(work: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    async def go() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop.set)
        await work(stop)

    asyncio.run(go())


if __name__ == "__main__":
    main()
