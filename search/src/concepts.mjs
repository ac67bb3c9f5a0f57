// Words that engineers use for one another: what a question asks about is often written in other words than an answer.
// General English; nothing here is a name of a product, a site or an article.
import { stem } from './stem.mjs';

const GROUPS = `
slow latency lag delay sluggish performance speed
fast speed quick performance optimize efficient
crash panic abort segfault die kill oom
stop shutdown terminate halt quit exit graceful drain interrupt cancel
start boot launch startup initialize
fail error failure fault break bug issue problem incident outage
debug diagnose investigate troubleshoot inspect
delete remove purge drop evict erase expire clean cleanup
expire ttl evict stale timeout
memory ram heap leak allocate footprint
cpu core processor load
full exhaust limit overflow capacity quota wrap maximum
big large huge giant massive scale
small tiny shrink reduce compact size
executable binary program
copy replicate clone duplicate mirror replica
sync synchronize replicate consistent consistency
lose missing drop durability loss corrupt corruption
save store persist write durable commit
undo revert rollback restore
backup restore recover recovery snapshot dump
deploy release ship rollout publish
upgrade update migrate migration compatibility
change modify alter edit mutate
column field attribute
row record tuple entry
table schema relation
database db datastore sql
query sql select statement
lock block mutex contention deadlock
wait block pending stall hang stick freeze timeout
concurrent parallel simultaneous race thread
test spec testing unit suite
flaky nondeterministic intermittent spurious sometimes random
fake mock stub simulate
secret password credential key token encrypt
password hash credential
login auth authentication session oauth
permission authorization access role privilege
attack exploit vulnerability malicious security injection
hide redact mask anonymize
browser client frontend cookie
website site page web origin
server backend host machine
phone mobile ios android
container docker pod image
cluster node orchestrate
network connection socket tcp
request call http api
retry repeat idempotent idempotency
twice duplicate idempotent
background async job queue worker task
schedule cron timer periodic
alert pager oncall notify notification
monitor metric observability dashboard instrument
log logging trace record
trace tracing span distributed
measure benchmark profile metric analytics
visitor traffic analytics user
tracker analytics track
cache memoize caching
package dependency library module
pin lock lockfile version
compile compiler build
rebuild incremental compile
old legacy backward deprecated previous
new modern latest
number integer int numeric
text string character
byte encode encoding utf8 character
date time timestamp clock
file disk filesystem storage
directory folder home dotfile
picture image photo png
small compress optimize
misspell spell spelling typo
scan ocr extract
convert transform translate format
split shard sharding partition divide
join merge combine
find search lookup locate detect detector
choose pick select compare comparison decide
difference diff compare change
cause reason root why
money payment charge billing
user customer account
hire onboard join junior week
learn teach tutorial lesson introduction
meeting standup ceremony
bot automate automation script
refresh reload watch
realtime live stream websocket
link url href anchor fragment
clipboard copy paste
sentence text fragment
voice speech assistant
untrusted sandbox isolate
fuzz random input
cheap cost price expensive bill
rule policy guideline convention
advice tip guide practice
safe secure guard protect
third external vendor supply
together related group
extend plugin extension
configure config configuration setting option
command cli terminal shell
install setup package
history log past
remember memory state
message event notify publish subscribe
order sequence ordering sort
unique distinct identifier id
identifier id uuid key
default value null
zero null nil empty
loop iterate range
asynchronous async await
method function call
variable value binding
`;

/** By stem: the stems of what may be meant as well. @type {Map<string, Set<string>> | undefined} */
let related;

/** @param {string} term a stem @returns {Iterable<string>} */
export function relatedTo(term) {
  if (!related) {
    related = new Map();
    for (const line of GROUPS.trim().split('\n')) {
      const stems = line.split(' ').map(stem);
      for (const one of stems) {
        const known = related.get(one) ?? new Set();
        related.set(one, known);
        for (const other of stems) if (other !== one) known.add(other);
      }
    }
  }
  return related.get(term) ?? [];
}

const GENERAL = `
a about above actual actually after again all allow allowed almost already also although always am an and another any anyone
anything are around as ask asking at away be became because become been before behalf being best better between both but by
call called came can cannot cant come comes could currently did different do does doesnt doing done dont down during each easy
easily either else end enough even ever every everything example far feel few first for from gave get gets getting give given go goes
going good got had happen happens hard has have having he help her here his how however i if in inside instead into is isnt it
its just keep keeps kind know knowing last least let lets like likely long look looking lot made make makes making many may maybe me
mean means might more most much must my need needs never next no nor not nothing now of off often ok on once one only or
other our out over own part people per perhaps possible prefer problem properly put rather really reason right said same say see
seem seems seen several shall she should show simply since so some someone something still such sure take taken tell than that the
their them then there these they thing things think this those though thought three through time to together told too took toward try trying
two under until up upon us use used uses using very via wait want wants was way ways we well went were what whats when where
whether which while who whole whose why will with within without wont work working works would yes yet you your
`;
/** @type {Set<string> | undefined} */
let general;

/** Whether a stem says little in a question of several words. @param {string} term */
export function isGeneral(term) {
  general ??= new Set(GENERAL.trim().split(/\s+/).map(stem));
  return general.has(term);
}
