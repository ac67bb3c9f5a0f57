// English words that say little: in a question of several of them they tell no article from another. Which words of its
// own subject say as little on a site, its index tells (`common` in base.mjs).
import { stem } from "./stem.mjs";

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
