"""The pages branch on its remote: read completely, and moved by one atomic push with a lease."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from engblog.disk import clock
from engblog.model.errors import EngblogError
from engblog.publish.answers import Cause, Means, cause_of, what_to_do, words_of_push, words_of_remote
from engblog.publish.fetch import WHOLE, Fetch
from engblog.publish.git import Git, GitError, without_credentials
from engblog.publish.hook import PrePush
from engblog.publish.rules import CNAME, PREVIOUS, Blob, Deployed, Files, Live, read_cname, source_of
from engblog.publish.target import DeployError, DeploySettings

_ASK_SECONDS = 120
"""The time limit for listing a remote's branches; someone may have to type a passphrase meanwhile."""
_MOVE_SECONDS = 1800
"""The time limit for pushing a site, with all hooks; anything longer hangs."""
_KNOWN = 200
"""The number of deployments of a kept history that are read."""
_NAME = "engblog-pages"
"""The name of the remote that this module defines, with its own settings."""
_ADDRESS = f"{_NAME}://"
"""The address of that remote, which git replaces by the real one."""
_KEPT = frozenset({"receivepack", "uploadpack", "proxy", "proxyauthmethod", "vcs"})
"""Settings of a remote that control how it is reached."""


class Remote:
    """The pages branch on the remote: read once, and pushed to only if it has not changed since."""

    def __init__(self, settings: DeploySettings) -> None:
        self._settings = settings
        self.git = Git(settings.root)
        self._fetch = Fetch(self.git, _NAME)
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
    def wants_signatures(self) -> bool:
        """True if the user signs commits; those of deployments are made without, by a command that never signs."""
        return self.git.ask("config", "--type=bool", "commit.gpgSign") == "true"

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
            raise DeployError(self._no_remote(name))
        if len(addresses) > 1:
            raise DeployError(f"{name!r} pushes to {len(addresses)} addresses: one push cannot update them all at once")
        self.shown = without_credentials(addresses[0])
        # Our own remote, with the settings of the real one except for what it fetches: git would move the tracking
        # branch of the pages after the push, and a process that is killed there leaves a lock. It is read from where it
        # is pushed to (`pushInsteadOf`), or the lease would guard nothing. That address is in a setting that
        # replaces another, because git would apply the user's own replacements to it once more.
        real = self.git.text("remote", "get-url", "--push", name)
        settings = [(f"remote.{_NAME}.{key}", value) for key, value in given if key in _KEPT]
        # In a partial clone, so that git does not miss the objects that it was told not to fetch.
        settings += [(f"remote.{_NAME}.promisor", "true")] if self._fetch.is_partial else []
        self.git.configure([(f"remote.{_NAME}.url", _ADDRESS), (f"url.{real}.insteadOf", _ADDRESS), *settings])

    def _no_remote(self, name: str) -> str:
        """Say that there is no remote *name*, and how to name another."""
        known = self.git.text("remote").splitlines()
        usual = self.git.ask("config", "remote.pushDefault")
        known.sort(key=lambda each: each != usual)
        said = f"there is no remote {without_credentials(name)!r}"
        if not known:
            return f"{said}; run: git remote add {name} ADDRESS"
        there = f"; the others are: {', '.join(known[1:])}" if known[1:] else ""
        once = f"{self._settings.command.remote} {known[0]}"
        always = f"`remote_name: {known[0]}`"
        return f"{said}; to use {known[0]!r}, pass {once}, or for good write {always} in mkdocs.yml{there}"

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
        ref = f"refs/heads/{branch}"
        oid = self._refs.get(ref)
        if oid is not None:
            self._fetched(ref, oid, self._fetch.commit(ref, oid))
        return oid

    def live(self) -> Live:
        """The deployment that readers see."""
        oid = self._refs.get(self._ref)
        if oid is None:
            return Live(None, {})
        self._fetched(self._ref, oid, self._fetch.deployments(self._ref, oid))
        files = self.files(oid)
        return Live(self.deployed(oid), files, self._cname(files))

    def previous(self) -> str | None:
        """The commit that was live before the current single one; fetched."""
        oid = self._refs.get(PREVIOUS)
        if oid is not None:
            self._fetched(PREVIOUS, oid, self._fetch.deployments(PREVIOUS, oid))
        return oid

    def _fetched(self, ref: str, oid: str, said: str | None) -> None:
        """Raise :class:`DeployError` if git has *said* why *oid* could not be fetched, at which *ref* was just seen."""
        if said is None:
            return
        if self._list().get(ref) != oid:
            raise DeployError(f"{self._settings.remote} has just changed {ref}: run the command again")
        told = "\n    ".join(said.splitlines())
        raise DeployError(f"{ref} cannot be read from {self.shown}:\n    {told}")

    def files(self, commit: str) -> dict[str, Blob]:
        """All files of *commit*."""
        if self._fetch.is_partial:
            self._fetch.files(commit)
        files = {}
        listed = self.git.run("ls-tree", "-r", "-z", "--long", "--full-tree", commit).out
        for entry in listed.decode("utf-8", "surrogateescape").split("\0"):
            if entry:
                about, path = entry.split("\t", 1)
                _, kind, oid, size = about.split()
                if kind == "blob":
                    files[path] = Blob(oid, int(size))
        return files

    def read(self, oid: str) -> bytes:
        """The content of the file that git names *oid*."""
        return self.git.run("cat-file", "blob", oid).out

    def _cname(self, files: Files) -> str | None:
        if CNAME not in files:
            return None
        return read_cname(self.read(files[CNAME].oid)) or None

    def deployed(self, commit: str) -> Deployed:
        """The deployment that *commit* describes."""
        (found,) = self._log("--no-walk", commit)
        return found

    def known(self) -> tuple[Deployed, ...]:
        """Every deployment that the remote still has, newest first."""
        heads = [oid for oid in (self._refs.get(self._ref), self.previous()) if oid is not None]
        return tuple(self._log(f"--max-count={_KNOWN}", *heads)) if heads else ()

    def _log(self, *arguments: str) -> Iterator[Deployed]:
        form = "--format=%H%x00%cI%x00%cn%x00%B"
        listed = self.git.run("log", "-z", form, *arguments, "--", environment=WHOLE).out
        values = listed.decode("utf-8", "replace").split("\0")
        for commit, date, by, message in zip(*(values[start::4] for start in range(4)), strict=False):
            subject = message.strip().partition("\n")[0]
            yield Deployed(commit, _shown_date(date), _printable(by), _printable(subject), source_of(message))

    def parent(self, commit: str) -> str | None:
        """The commit that *commit* was made on top of."""
        found = self.git.run("log", "-1", "--format=%P", commit, environment=WHOLE).text
        return found.partition(" ")[0] or None

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

    def push(self, commit: str, *, over: Deployed | None, keep: str | None) -> list[str]:
        """Make *commit* the live deployment if *over* is still live; in the same step, *keep* becomes the previous
        deployment, unless it is None. Returns what the hooks here and there have said, as lines.

        If this raises :class:`DeployError`, the remote is unchanged.
        """
        lease = f"--force-with-lease={self._ref}:{over.commit if over else ''}"
        refs = [f"{commit}:{self._ref}"]
        if keep is not None and self._refs.get(PREVIOUS) != keep:
            refs.append(f"+{keep}:{PREVIOUS}")
        atomic = ("--atomic",) if len(refs) > 1 else ()
        options = ("--porcelain", *atomic, "--no-follow-tags", "--recurse-submodules=no", lease)
        hook = PrePush(self.git, self._settings.remote)
        asked = ("push", *options, "--", _NAME, *refs)
        try:
            done = self.git.run(*asked, check=False, seconds=_MOVE_SECONDS, hooks=hook.folder)
        except GitError as error:
            return self._explain(commit, over, "\n    ".join([str(error), *hook.told()]), cut=True)
        except KeyboardInterrupt:
            return self._explain(commit, over, "\n    ".join(["git push was interrupted", *hook.told()]), cut=True)
        told = [*hook.told(), *words_of_remote(done.said)]
        if hook.refused:
            after = "the hook runs before anything is sent; deploy again when it lets the push through"
            return self._explain(commit, over, "\n    ".join([*hook.told(), after]))
        if done.status:
            said = words_of_push(done.text, done.said)
            if (cause := cause_of(done.text, done.said)) is not None:
                said += f"\n    {what_to_do(cause, self._means())}"
            self._explain(commit, over, "\n    ".join([said, *hook.told()]))
        if over is not None and len(refs) > 1:
            self._make_sure_of(over, commit, refs[1])
        return told

    def _make_sure_of(self, over: Deployed, commit: str, refspec: str) -> None:
        """Take the push of *commit* back if the remote has moved nothing but the branch, so that *over*, the replaced
        deployment, would be lost. Git does that in spite of ``--atomic`` when it hides other refs. *refspec* is the one
        that keeps *over*."""
        try:
            self._refs = self._list()
        except EngblogError:
            return  # the push has arrived, and nobody can say more
        kept = refspec.removeprefix("+").partition(":")[0]
        if self._refs.get(PREVIOUS) == kept or self._refs.get(self._ref) != commit:
            return
        lease = f"--force-with-lease={self._ref}:{commit}"
        back = self.git.run("push", "--porcelain", lease, "--", _NAME, f"{over.commit}:{self._ref}", check=False)
        state = f"was put back to {over.commit[:10]}" if not back.status else f"has the new site; before, it had {over}"
        why = what_to_do(Cause.ONLY_BRANCHES, self._means())
        raise DeployError(f"the remote did not keep the replaced deployment, so {self.name} {state}:\n    {why}")

    def _means(self) -> Means:
        return Means(self._settings.pages_branch, self._settings.command.keep, self._settings.command.other_branch)

    def _explain(self, commit: str, over: Deployed | None, said: str, *, cut: bool = False) -> list[str]:
        """Find out whether a push really failed: return no words if it arrived after all, otherwise raise the reason.

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
            return []
        if now == (over.commit if over else None):
            later = "; the remote may still accept the push: check again before you rely on it" if cut else ""
            raise DeployError(f"the push failed, and {self.name} is unchanged:\n    {said}{later}")
        if now is None:
            raise DeployError(f"somebody has deleted {self.name} in the meantime: run the command again")
        self._fetched(self._ref, now, self._fetch.deployments(self._ref, now))
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
