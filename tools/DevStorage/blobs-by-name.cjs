// Loaded before Azurite (quick.cjs): it finds blobs by their names, as the real service does. By itself it looks at every blob of an account for
// one blob, and sorts them for every page of a list, so that each blob slows down everything after it. What is found, and in which order, is the
// same: what is no question for names is still answered by Azurite's own code.
const azurite = './node_modules/azurite/dist/src/blob';
const Store = require(`${azurite}/persistence/LokiBlobMetadataStore`).default;
const Page = require(`${azurite}/persistence/PageWithDelimiter`).default;
const Leases = require(`${azurite}/lease/LeaseFactory`).default;
const LeaseOf = require(`${azurite}/lease/BlobLeaseAdapter`).default;
const LeaseInto = require(`${azurite}/lease/BlobLeaseSyncer`).default;
const { DEFAULT_LIST_BLOBS_MAX_RESULTS } = require(`${azurite}/utils/constants`);

// Per collection: account and container → its blobs and snapshots, ordered by name.
const indexes = new WeakMap();

const container = ({ accountName, containerName }) => `${accountName}/${containerName}`;

// The first place whose name is not before (or, with after, is behind) a name.
function place(blobs, name, after = false) {
  let low = 0, high = blobs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = blobs[middle].name;
    if (at < name || (after && at === name)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function add(index, blob) {
  let blobs = index.get(container(blob));
  if (!blobs) index.set(container(blob), blobs = []);
  const end = place(blobs, blob.name, true);
  let at = end;
  while (at > 0 && blobs[at - 1].name === blob.name && blobs[at - 1].$loki !== blob.$loki) at--;
  if (at > 0 && blobs[at - 1].name === blob.name) blobs[at - 1] = blob;
  else blobs.splice(end, 0, blob);
}

function remove(index, blob) {
  const blobs = index.get(container(blob));
  if (!blobs) return;
  const at = blobs.indexOf(blob, place(blobs, blob.name));
  if (at >= 0) blobs.splice(at, 1);
}

// The blobs that meet conditions by which one can look them up, all of them equalities; undefined: look at every one.
function find(index, wanted) {
  const { accountName, containerName, name, snapshot, ...others } = wanted ?? {};
  if (typeof accountName !== 'string' || typeof containerName !== 'string' || Object.keys(others).length > 0) return undefined;
  if (name !== undefined && typeof name !== 'string') return undefined;
  if (snapshot !== undefined && typeof snapshot !== 'string') return undefined;
  const blobs = index.get(container(wanted)) ?? [];
  const named = name === undefined ? blobs : blobs.slice(place(blobs, name), place(blobs, name, true));
  return snapshot === undefined ? [...named] : named.filter(blob => blob.snapshot === snapshot);
}

function byName(blobs) {
  const index = new Map();
  indexes.set(blobs, index);
  for (const blob of [...blobs.data].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))) add(index, blob);
  // Its own indexes, which nobody asks any more, are kept up to date with every blob otherwise.
  blobs.configureOptions({ adaptiveBinaryIndices: false });
  blobs.on(['insert', 'update'], blob => add(index, blob));
  blobs.on('delete', blob => remove(index, blob));
  const { findOne, count, findAndRemove } = blobs;
  blobs.findOne = function (wanted) {
    const found = find(index, wanted);
    return found ? found[0] ?? null : findOne.apply(this, arguments);
  };
  blobs.count = function (wanted) {
    return find(index, wanted)?.length ?? count.apply(this, arguments);
  };
  blobs.findAndRemove = function (wanted) {
    const found = find(index, wanted);
    if (found) found.forEach(blob => this.remove(blob));
    else findAndRemove.apply(this, arguments);
  };
}

const init = Store.prototype.init;
Store.prototype.init = async function () {
  await init.apply(this, arguments);
  byName(this.db.getCollection(this.BLOBS_COLLECTION));
};

const listBlobs = Store.prototype.listBlobs;
Store.prototype.listBlobs = async function (
  context, account, containerName, delimiter, blob, prefix = '', most = DEFAULT_LIST_BLOBS_MAX_RESULTS, marker = '', snapshots, uncommitted) {
  if (account === undefined || containerName === undefined || blob !== undefined) return listBlobs.apply(this, arguments);
  const blobs = indexes.get(this.db.getCollection(this.BLOBS_COLLECTION)).get(`${account}/${containerName}`) ?? [];
  const start = marker > prefix ? place(blobs, marker, true) : place(blobs, prefix, marker === prefix);
  const isListed = candidate => (snapshots || candidate.snapshot.length === 0) && (uncommitted || candidate.isCommitted);
  const page = new Page(most, delimiter, prefix);
  let at = start;
  const read = () => {
    const found = [];
    for (; at < blobs.length && found.length < most && blobs[at].name.startsWith(prefix); at++) if (isListed(blobs[at])) found.push(blobs[at]);
    return found;
  };
  const [items, prefixes, next] = await page.fill(read, item => item.name);
  const list = items.map(item => {
    item.properties.contentMD5 = this.restoreUint8Array(item.properties.contentMD5);
    return Leases.createLeaseState(new LeaseOf(item), context).sync(new LeaseInto(item));
  });
  return [list, prefixes, next];
};
