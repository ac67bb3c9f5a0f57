"""The pages branch on its remote: read completely, and moved by one atomic push with a lease."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from engblog.disk import clock
from engblog.model.errors import EngblogError
from engblog.publish.git import Git, GitError, without_credentials
from engblog.publish.rules import CNAME, PREVIOUS, Blob, Deployed, Files, Live, read_cname, source_of
from engblog.publish.target import DeployError, DeploySettings

_ASK_SECONDS = 120
"""The time limit for listing a remote's branches; someone may have to type a passphrase meanwhile."""
_MOVE_SECONDS = 1800
"""The time limit for fetching or pushing a site, with all hooks; anything longer hangs."""
_KNOWN = 200
"""The number of deployments of a kept history that are read."""
_NAME = "engblog-pages"
"""The name of the remote that this module defines, with its own settings."""
_KEPT = frozenset({"receivepack", "uploadpack", "proxy", "proxyauthmethod", "vcs"})
"""Settings of a remote that control how it is reached."""


class Remote:
    """The pages branch on the remote: read once, and pushed to only if it has not changed since."""

    def __init__(self, settings: DeploySettings) -> None:
        self._settings = settings
        self.git = Git(settings.root)
        try:
            self._connect()
            self.algorithm = self.git.text("rev-parse", "--show-object-format")
            self._refs = self._list()
        except BaseException:
            self.git.close()
            raise

    @property
    def name(self) -> str:
        """``origin/gh-pages``."""
        return f"{self._settings.remote}/{self._settings.pages_branch}"

    @property
    def _ref(self) -> str:
        return f"refs/heads/{self._settings.pages_branch}"

    def _connect(self) -> None:
        name, branch = self._settings.remote, self._settings.pages_branch
        if branch == self._settings.source_branch:
            raise DeployError(
                f"the site cannot be pushed to {branch!r}, the branch of its sources: set `remote_branch`"
            )
        if self.git.ask("check-ref-format", "--branch", branch) is None:
            raise DeployError(f"{branch!r} is not a valid branch name: set `remote_branch`, for example to gh-pages")
        given = self._config(name)
        addresses = [value for key, value in given if key == "pushurl"] or [v for key, v in given if key == "url"]
        if not addresses:
            known = self.git.text("remote").split()
            hint = f"choose from: {', '.join(known)}" if known else "run: git remote add origin ADDRESS"
            raise DeployError(f"there is no remote {without_credentials(name)!r}; {hint}")
        if len(addresses) > 1:
            raise DeployError(f"{name!r} pushes to {len(addresses)} addresses: one push cannot update them all at once")
        self.shown = without_credentials(addresses[0])
        # Our own remote, with the settings of the real one except for what it fetches: git would move the tracking
        # branch of the pages after the push, and a process that is killed there leaves a lock.
        settings = [(key, value) for key, value in given if key in _KEPT]
        self.git.configure((f"remote.{_NAME}.{key}", value) for key, value in [("url", addresses[0]), *settings])

    def _config(self, name: str) -> list[tuple[str, str]]:
        """The settings of the remote *name*; keys are cut to the part after the last dot."""
        lead = f"remote.{name}."
        listed = self.git.run("config", "--list", "-z").out.decode("utf-8", "surrogateescape")
        pairs = [entry.split("\n", 1) for entry in listed.split("\0") if "\n" in entry]
        return [
            (key[len(lead) :], value) for key, value in pairs if key.startswith(lead) and "." not in key[len(lead) :]
        ]

    def _list(self) -> dict[str, str]:
        asked = ("ls-remote", "--refs", "--", _NAME, "refs/heads/*", PREVIOUS)
        try:
            done = self.git.run(*asked, check=False, seconds=_ASK_SECONDS)
        except GitError as error:
            raise DeployError(f"{self.shown} cannot be reached:\n    {error}") from None
        if done.status:
            said = "\n    ".join(line for line in done.said.splitlines() if line.strip())
            raise DeployError(f"{self.shown} cannot be reached:\n    {said}")
        pairs = (line.split("\t", 1) for line in done.text.splitlines() if "\t" in line)
        return {ref: oid for oid, ref in pairs}

    def source(self, branch: str) -> str | None:
        """The commit of *branch* on the remote, fetched."""
        oid = self._refs.get(f"refs/heads/{branch}")
        if oid is not None:
            self._fetch(f"refs/heads/{branch}", oid)
        return oid

    def live(self) -> Live:
        """The deployment that readers see."""
        oid = self._refs.get(self._ref)
        if oid is None:
            return Live(None, {})
        self._fetch(self._ref, oid)
        files = self.files(oid)
        return Live(self.deployed(oid), files, self._cname(files))

    def previous(self) -> str | None:
        """The commit that was live before the current single one; fetched."""
        oid = self._refs.get(PREVIOUS)
        if oid is not None:
            self._fetch(PREVIOUS, oid)
        return oid

    def _fetch(self, ref: str, oid: str) -> None:
        """Fetch *oid*, the commit that *ref* was just seen at. Nothing is written into the repository itself."""
        if self._whole(oid):
            return
        options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=", "--no-auto-maintenance")
        more = ("--no-recurse-submodules", "--no-show-forced-updates")
        done = self.git.run("fetch", *options, *more, "--", _NAME, ref, check=False, seconds=_MOVE_SECONDS)
        if done.status or self.git.ask("cat-file", "-e", f"{oid}^{{commit}}") is None:
            if self._list().get(ref) != oid:
                raise DeployError(f"{self._settings.remote} has just changed {ref}: run the command again")
            raise DeployError(f"{ref} cannot be read from {self.shown}:\n    {done.said.strip()}")

    def _whole(self, oid: str) -> bool:
        """True if every object of the commit *oid* is here; an interrupted fetch may have left only some."""
        return self.git.ask("rev-list", "--quiet", "--objects", "--no-walk", oid) is not None

    def files(self, commit: str) -> dict[str, Blob]:
        """All files of *commit*."""
        files = {}
        listed = self.git.run("ls-tree", "-r", "-z", "--long", "--full-tree", commit).out
        for entry in listed.decode("utf-8", "surrogateescape").split("\0"):
            if entry:
                about, path = entry.split("\t", 1)
                _, kind, oid, size = about.split()
                if kind == "blob":
                    files[path] = Blob(oid, int(size))
        return files

    def _cname(self, files: Files) -> str | None:
        if CNAME not in files:
            return None
        return read_cname(self.git.run("cat-file", "blob", files[CNAME].oid).out) or None

    def deployed(self, commit: str) -> Deployed:
        """The deployment that *commit* describes."""
        (found,) = self._log("--no-walk", commit)
        return found

    def known(self) -> tuple[Deployed, ...]:
        """Every deployment that the remote still has, newest first."""
        heads = [oid for oid in (self._refs.get(self._ref), self.previous()) if oid is not None]
        return tuple(self._log(f"--max-count={_KNOWN}", *heads)) if heads else ()

    def _log(self, *arguments: str) -> Iterator[Deployed]:
        listed = self.git.run("log", "-z", "--format=%H%x00%cI%x00%cn%x00%B", *arguments, "--").out
        values = listed.decode("utf-8", "replace").split("\0")
        for commit, date, by, message in zip(*(values[start::4] for start in range(4)), strict=False):
            subject = message.strip().partition("\n")[0]
            yield Deployed(commit, _shown_date(date), _printable(by), _printable(subject), source_of(message))

    def parent(self, commit: str) -> str | None:
        """The commit that *commit* was made on top of."""
        return self.git.text("log", "-1", "--format=%P", commit).partition(" ")[0] or None

    def message(self, commit: str) -> str:
        """The message of *commit*."""
        return self.git.text("log", "-1", "--format=%B", commit)

    def tree(self, files: Files, site: Path | None, known: Files) -> str:
        """Make a git tree of *files*; those that the repository lacks are read from *site*."""
        have = {blob.oid for blob in known.values()}
        new = {blob.oid: path for path, blob in sorted(files.items(), reverse=True) if blob.oid not in have}
        if site is not None:
            self._write(new, site)
        listed = "".join(f"100644 {blob.oid}\t{path}\0" for path, blob in sorted(files.items()))
        self.git.clear_index()
        self.git.run("update-index", "-z", "--index-info", data=listed.encode("utf-8", "surrogateescape"))
        return self.git.text("write-tree")

    def _write(self, new: dict[str, str], site: Path) -> None:
        """Add files of *site* to git's objects; *new* has their paths by the name that git gives their content."""
        hashing = ("hash-object", "-w", "--no-filters")
        files = {oid: (site / path).resolve() for oid, path in new.items()}
        plain = {oid: str(file) for oid, file in files.items() if "\n" not in str(file) and file.is_file()}
        listed = "".join(f"{file}\n" for file in plain.values()).encode("utf-8", "surrogateescape")
        written = self.git.run(*hashing, "--stdin-paths", data=listed).text.split() if plain else []
        for oid in (
            new.keys() - plain.keys()
        ):  # the empty .nojekyll, which the build does not write, and file names with a line break
            file = files[oid]
            written.append(self.git.run(*hashing, "--stdin", data=file.read_bytes() if file.is_file() else b"").text)
        if set(written) != new.keys():
            raise DeployError(f"{site} was changed while it was being deployed: run the command again")

    def commit(self, tree: str, message: str, *, when: int, parents: Iterable[str], source: str | None) -> str:
        """Make a commit of *tree*, dated *when* in seconds since 1970."""
        parts = [argument for parent in parents for argument in ("-p", parent)]
        environment = {"GIT_AUTHOR_DATE": f"@{when} +0000", "GIT_COMMITTER_DATE": f"@{when} +0000"}
        if self.git.ask("var", "GIT_COMMITTER_IDENT") is None or self.git.ask("var", "GIT_AUTHOR_IDENT") is None:
            # No identity is configured, as in CI, so the committer of the sources' commit is used.
            name, _, email = self.git.text("log", "-1", "--format=%cn%x01%ce", source or "HEAD").partition("\1")
            for role in ("AUTHOR", "COMMITTER"):
                environment |= {
                    f"GIT_{role}_NAME": name or "engblog",
                    f"GIT_{role}_EMAIL": email or "engblog@localhost",
                }
        return self.git.run(
            "commit-tree", tree, *parts, data=message.encode("utf-8", "replace"), environment=environment
        ).text

    def push(self, commit: str, *, over: Deployed | None) -> None:
        """Make *commit* the live deployment if *over* is still live. Unless *commit* was made on top of *over*, the
        latter becomes the previous deployment in the same step.

        If this raises :class:`DeployError`, the remote is unchanged.
        """
        lease = f"--force-with-lease={self._ref}:{over.commit if over else ''}"
        refs = [f"{commit}:{self._ref}"]
        if over is not None and over.commit not in {commit, self.parent(commit)}:
            refs.append(f"+{over.commit}:{PREVIOUS}")
        options = ("--porcelain", "--atomic", "--no-follow-tags", "--recurse-submodules=no", lease)
        try:
            done = self.git.run("push", *options, "--", _NAME, *refs, check=False, seconds=_MOVE_SECONDS)
        except GitError as error:
            self._explain(commit, over, str(error), cut=True)
            return
        except KeyboardInterrupt:
            self._explain(commit, over, "git push was interrupted", cut=True)
            return
        if done.status:
            said = _of_push(done.text, done.said)
            if len(refs) > 1 and PREVIOUS in said:
                hint = "pass --history keep, or set the plugin's option `deploy_history: keep`"
                said += f"\n    if the remote accepts only branches, and not {PREVIOUS}: {hint}"
            self._explain(commit, over, said)

    def _explain(self, commit: str, over: Deployed | None, said: str, *, cut: bool = False) -> None:
        """Find out whether a push really failed: return if it arrived after all, otherwise raise the reason.

        If it was *cut* on this side, the remote may not have noticed yet.
        """
        try:
            self._refs = self._list()
        except EngblogError:
            raise DeployError(
                f"the push was interrupted, and {self.shown} cannot be reached to see whether it arrived; "
                f"the live site is either the old one or the new one, complete:\n    {said}"
            ) from None
        now = self._refs.get(self._ref)
        if now == commit:
            return
        if now == (over.commit if over else None):
            later = "; the remote may still accept the push: check again before you rely on it" if cut else ""
            raise DeployError(f"the push failed, and {self.name} is unchanged:\n    {said}{later}")
        if now is None:
            raise DeployError(f"somebody has deleted {self.name} in the meantime: run the command again")
        self._fetch(self._ref, now)
        raise DeployError(
            f"somebody else has deployed in the meantime, and that is live now: {self.deployed(now)}. "
            f"Nothing of theirs is lost; to deploy on top of it, bring your branch up to date and run the command again"
        )


def date_of(git: Git, commit: str) -> int:
    """The date of a deployment: ``SOURCE_DATE_EPOCH``, otherwise the date of the sources' *commit*."""
    if os.environ.get("SOURCE_DATE_EPOCH"):
        return int(clock.now().timestamp())
    return int(git.text("log", "-1", "--format=%ct", commit))


def _shown_date(iso: str) -> str:
    """A date as messages show it; a commit's date may be invalid."""
    try:
        return datetime.fromisoformat(iso).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError):
        return "an unknown day"


def _printable(text: str) -> str:
    """Remove from *text* whatever a terminal would take for a command, because others wrote it."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _of_push(out: str, said: str) -> str:
    """The output of the remote and of git about a failed push."""
    lines = [line.strip() for line in [*out.splitlines(), *said.splitlines()]]
    told = [line for line in lines if line.startswith(("!", "remote:", "fatal:", "error:"))]
    return "\n    ".join(without_credentials(line.replace("\t", " ")) for line in told or lines)
