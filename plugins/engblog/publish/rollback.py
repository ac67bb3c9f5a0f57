"""Rolls a deployment back: makes an earlier one live again, with the same guarded push."""

from __future__ import annotations

from engblog.publish.history import last_different, same_as, to_keep
from engblog.publish.remote import Remote, date_of
from engblog.publish.rules import CNAME, Deployed, compare, find_deployment
from engblog.publish.sameness import Sameness
from engblog.publish.target import DeployError, DeploySettings, Say, reported

_SHOWN = 10
"""The number of deployments that a message lists."""


def roll_back(settings: DeploySettings, wanted: str | None, say: Say, *, dry_run: bool = False) -> None:
    """Make an earlier deployment live again: *wanted*, or the one before. Raises :class:`DeployError`."""
    with reported():
        remote = Remote(settings)
        try:
            _roll_back(remote, settings, wanted, say, dry_run=dry_run)
        finally:
            remote.git.close()


def _roll_back(remote: Remote, settings: DeploySettings, wanted: str | None, say: Say, *, dry_run: bool) -> None:
    live = remote.live()
    if live.deployed is None:
        raise DeployError(f"{remote.name} does not exist: nothing has been deployed yet")
    target = _target(remote, live.deployed, wanted)
    if target.commit == live.deployed.commit:
        say(f"nothing to do: {target} is live")
        return
    files = remote.files(target.commit)
    if not any(path.endswith(".html") for path in files):
        raise DeployError(f"{target} has no pages, so it cannot go live")
    kept = live.cname is not None and files.get(CNAME) != live.files[CNAME]
    if kept:
        files[CNAME] = live.files[CNAME]
        say(f"CNAME: {live.cname}, the live domain, is kept")
    same = same_as(remote, live.files, files)
    if same is Sameness.SITE:
        say(f"nothing to do: {target} has the same site as {live.deployed}, which is live")
        return
    changes = compare(live.files, files, redirects=frozenset(), articles_dir=settings.articles_dir)
    say(f"back from {live.deployed}\n  to {target}: {target.subject}")
    say(changes.summary())
    if dry_run:
        for line in changes.lines():
            say(line)
        return
    commit = target.commit
    parents = [live.deployed.commit] if settings.history == "keep" else []
    if kept or parents or remote.parent(commit):
        message = f"Roll back to {commit[:10]}\n\n{remote.message(commit)}\n"
        tree = remote.tree(files, None, files)
        commit = remote.commit(tree, message, when=date_of(remote.git, commit), parents=parents, source=commit)
    keep = to_keep(remote, live.deployed, same=same is Sameness.PAGES, parents=parents)
    for line in remote.push(commit, over=live.deployed, keep=keep):
        say(line)
    say(f"{remote.name} is at {commit[:10]}; running `engblog rollback` again undoes this")


def _target(remote: Remote, live: Deployed, wanted: str | None) -> Deployed:
    known = remote.known()
    if wanted is None:
        previous = last_different(remote, live.commit)
        if previous is None:
            other = "no deployment whose pages differ from those that are live"
            why = "only one deployment" if len(known) == 1 else other
            raise DeployError(f"{remote.name} has {why}, so there is nothing to roll back to: {live}")
        return remote.deployed(previous)
    found = find_deployment(wanted, known)
    if found is None:
        resolved = remote.git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{wanted}^{{commit}}")
        found = find_deployment(resolved, known) if resolved else None
    if found is None:
        listed = "".join(f"\n    {each}: {each.subject}" for each in known[:_SHOWN])
        more = f"\n    and {len(known) - _SHOWN} before" if len(known) > _SHOWN else ""
        raise DeployError(f"{remote.name} has no deployment {wanted!r}; it has:{listed}{more}")
    return found
