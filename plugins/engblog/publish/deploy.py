"""Deploys a built site to the pages branch of a git remote.

The remote has either the old site or the new one, never a mixture: one atomic push moves the branch, and only if it is
still where the preflight saw it (a lease). The replaced commit stays reachable as ``refs/engblog/previous``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engblog.contract.waivers import Check, Refusal, sift
from engblog.publish.history import to_keep
from engblog.publish.remote import Remote, date_of
from engblog.publish.rules import (
    CNAME,
    NOT_JEKYLL,
    Aim,
    Blob,
    Changes,
    Files,
    Work,
    after_build,
    before_build,
    built_domain,
    commit_message,
    compare,
    counts,
    kept_cname,
    lost_cards,
    read_cname,
    unclean,
)
from engblog.publish.sameness import Sameness, sameness
from engblog.publish.sources import changes_of
from engblog.publish.target import Command, DeployError, DeploySettings, Say

DEFAULT_SUBJECT = "Deploy {sha}"
_REDIRECT = b'http-equiv="refresh"'
_HEAD_BYTES = 4096
"""The number of bytes at the start of a redirect page that show what it is."""


class RefusedError(DeployError):
    """Checks refuse the deployment."""

    def __init__(self, refusals: Iterable[Refusal], command: Command) -> None:
        self.told = tuple(refusal.told(command.allow(refusal.check)) for refusal in refusals)
        """Each refusal, and how to go ahead anyway."""
        super().__init__("not deployed:\n" + "\n".join(self.told))


class Deployment:
    """One deployment, from the preflight to the push. Call ``close``; without a push, nothing is left behind."""

    def __init__(self, settings: DeploySettings, say: Say) -> None:
        """Read the repository and the remote. Raises ``GitError`` and :class:`DeployError`."""
        self._settings, self._say = settings, say
        self._remote = Remote(settings)
        try:
            self._live = self._remote.live()
            self._work = self._look()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Remove the temporary files beside the repository."""
        self._remote.git.close()

    def preflight(self, *, force: bool = False, dirty_build: bool = False) -> None:
        """Check everything that can be checked before a build. Raises :class:`RefusedError` with all refusals at
        once."""
        self._refuse(before_build(self._aim(), self._work, self._live, force=force, dirty_build=dirty_build))

    def survey(self, site: Path) -> Survey:
        """Compare the built *site* with the live one. Raises :class:`DeployError` if it cannot be read."""
        built, redirects = self._read_site(site)
        if self.domain is not None and CNAME not in built:
            built[CNAME] = self._live.files[CNAME]  # the same file as the live one, whatever its line end
            self._say(f"CNAME: {self.domain} is only on the pages branch; it is kept")
        articles_dir = self._settings.articles_dir
        changes = compare(self._live.files, built, redirects=redirects, articles_dir=articles_dir)
        return Survey(site, built, changes)

    def judge(self, survey: Survey) -> None:
        """Check the built site against the live one. Raises :class:`RefusedError`."""
        self._say(f"{survey.changes.summary()}; {counts(survey.files)}")
        found = list(
            after_build(survey.changes, self._live.files, survey.files, articles_dir=self._settings.articles_dir)
        )
        found += lost_cards(survey.changes, survey.files, self._aim())
        work = self._look()
        if work.commit != self._work.commit:
            message = f"HEAD moved from {self._work.commit[:10]} to {work.commit[:10]} during the build"
            found.append(
                Refusal(Check.DIRTY_TREE, message, "deploy again, and do not move HEAD until the build has finished")
            )
        if work.changes != self._work.changes:
            found += unclean(work)
        found += built_domain(self._built_cname(survey), self._settings.cname or self.domain)
        self._refuse(found)

    def publish(self, survey: Survey, subject: str | None = None) -> None:
        """Push the built site. If this raises :class:`DeployError`, the live site is unchanged."""
        where, live = self._remote.name, self._live.deployed
        same = self._sameness(survey)
        if same is Sameness.SITE:
            self._say(f"nothing to do: {where} already has this site, {live}")
            return
        work, settings = self._work, self._settings
        message = commit_message(self._subject(subject), work.commit, survey.changes.articles, clean=not work.changes)
        parents = [live.commit] if live is not None and settings.history == "keep" else []
        commit = self._remote.commit(
            self._remote.tree(survey.files, survey.site, self._live.files),
            message,
            when=date_of(self._remote.git, work.commit),
            parents=parents,
            source=work.commit,
        )
        keep = to_keep(self._remote, live, same=same is Sameness.PAGES, parents=parents)
        for line in self._remote.push(commit, over=live, keep=keep):
            self._say(line)
        if same is Sameness.PAGES:
            self._say(f"readers see the same as in {live}, so a rollback leads to what was before that")
        if self._remote.wants_signatures:
            self._say("the commit on the pages branch is not signed: `commit.gpgSign` is for the commits of sources")
        self._say(
            f"deployed {work.commit[:10]} to {where} as {commit[:10]}; {settings.site_url} will show it in a moment"
        )

    def outlook(self, survey: Survey) -> str:
        """Describe in one line what :meth:`publish` would do."""
        where, live = self._remote.name, self._live.deployed
        if live is None:
            return f"would create {where}"
        if self._sameness(survey) is Sameness.SITE:
            return f"would do nothing: {where} already has this site, {live}"
        return f"would {'append to' if self._settings.history == 'keep' else 'replace'} {where}: {live}"

    def _sameness(self, survey: Survey) -> Sameness:
        """Compare the built site with the live one."""
        live, remote = self._live, self._remote
        if live.deployed is None:
            return Sameness.NOTHING
        return sameness(
            live.files,
            survey.files,
            lambda path: remote.read(live.files[path].oid),
            lambda path: (survey.site / path).read_bytes(),
        )

    @property
    def domain(self) -> str | None:
        """The custom domain that only the pages branch has, and that the new site keeps."""
        return kept_cname(self._aim(), self._live)

    def _built_cname(self, survey: Survey) -> str | None:
        file = survey.site / CNAME
        if CNAME not in survey.files:
            return None
        return read_cname(file.read_bytes()) if file.is_file() else self.domain

    def _subject(self, given: str | None) -> str:
        sha = self._remote.git.text("rev-parse", "--short", self._work.commit)
        try:
            return ((given or "").strip() or DEFAULT_SUBJECT).format(sha=sha, version=self._settings.host_version)
        except (LookupError, ValueError, AttributeError, TypeError):
            raise DeployError(
                f"the message {given!r} has a brace that is neither {{sha}} nor {{version}}: double it"
            ) from None

    def _refuse(self, found: Iterable[Refusal]) -> None:
        refused, waived = sift(found, self._settings.allow)
        for each in waived:
            self._say(f"allowed: {each.check.value}: {each.message}")
        if refused:
            raise RefusedError(refused, self._settings.command)

    def _aim(self) -> Aim:
        settings = self._settings
        return Aim(
            site_url=settings.site_url,
            source_branch=settings.source_branch,
            pages_branch=settings.pages_branch,
            remote=settings.remote,
            address=self._remote.shown,
            cname=settings.cname,
            other_branch=settings.command.other_branch,
        )

    def _look(self) -> Work:
        """The current state of the repository."""
        git = self._remote.git
        commit = git.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        if commit is None:
            raise DeployError("there is no commit yet: commit the sources first")
        branch = git.ask("symbolic-ref", "--quiet", "--short", "HEAD")
        upstream = self._remote.source(branch or self._settings.source_branch)
        ahead, behind = self._apart(commit, upstream)
        return Work(commit, branch, changes_of(git, self._settings.sources), upstream, ahead, behind)

    def _apart(self, commit: str, upstream: str | None) -> tuple[int, int]:
        if upstream is None or upstream == commit:
            return 0, 0
        ahead, _, behind = self._remote.git.text(
            "rev-list", "--count", "--left-right", f"{commit}...{upstream}"
        ).partition("\t")
        return int(ahead), int(behind)

    def _read_site(self, site: Path) -> tuple[dict[str, Blob], frozenset[str]]:
        algorithm = self._remote.algorithm
        built: dict[str, Blob] = {}
        redirects = set()
        for path, data in _files(site):
            built[path] = _blob(data, algorithm)
            if path.endswith(".html") and _REDIRECT in data[:_HEAD_BYTES]:
                redirects.add(path)
        if not built:
            raise DeployError(f"{site} is empty: there is nothing to deploy")
        built.setdefault(NOT_JEKYLL, _blob(b"", algorithm))
        return built, frozenset(redirects)


@dataclass(frozen=True, slots=True)
class Survey:
    """The built site and the changes that it would make."""

    site: Path
    files: Files
    """All files of the new site, including those that a deployment adds."""
    changes: Changes


def _files(site: Path) -> Iterator[tuple[str, bytes]]:
    for folder, names, files in os.walk(site, followlinks=True):
        names.sort()
        base = Path(folder).relative_to(site).as_posix()
        for name in sorted(files):
            yield name if base == "." else f"{base}/{name}", (Path(folder) / name).read_bytes()


def _blob(data: bytes, algorithm: str) -> Blob:
    """The name that git gives *data*: a digest of its kind, its length and its content (Pro Git, 10.2)."""
    digest = hashlib.new(algorithm, b"blob %d\0" % len(data), usedforsecurity=False)
    digest.update(data)
    return Blob(digest.hexdigest(), len(data))
