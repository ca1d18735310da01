// Loaded before Azurite (quick.cjs): its tables answer by key, as the real service does. By itself it looks at every row of a partition for
// one row, and at every row of a table for a query, so that a long history slows down everything. What is found, and in which order, is the same:
// each condition is still evaluated by Azurite's own code, on the rows between the keys that the condition names.
const azurite = './node_modules/azurite/dist/src/table/persistence';
const Store = require(`${azurite}/LokiTableMetadataStore`).default;
const Conditions = require(`${azurite}/LokiTableStoreQueryGenerator`).default;
const parse = require(`${azurite}/QueryInterpreter/QueryParser`).default;

// Per table: partition → its rows, ordered by row key.
const indexes = new WeakMap();

// The first place whose row key is not before (or, with after, is behind) a key.
function place(rows, key, after = false) {
  let low = 0, high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = rows[middle].RowKey;
    if (at < key || (after && at === key)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function add(index, row) {
  let rows = index.get(row.PartitionKey);
  if (!rows) index.set(row.PartitionKey, rows = []);
  const at = place(rows, row.RowKey);
  rows.splice(at, rows[at]?.RowKey === row.RowKey ? 1 : 0, row);
}

function remove(index, row) {
  const rows = index.get(row.PartitionKey);
  const at = rows ? place(rows, row.RowKey) : 0;
  if (rows?.[at]?.RowKey !== row.RowKey) return;
  rows.splice(at, 1);
  if (rows.length === 0) index.delete(row.PartitionKey);
}

function indexOf(table) {
  let index = indexes.get(table);
  if (index) return index;
  indexes.set(table, index = new Map());
  for (const row of [...table.data].sort((a, b) => (a.RowKey < b.RowKey ? -1 : 1))) add(index, row);
  // Its own indexes, which nobody asks any more, are kept up to date with every row otherwise.
  table.configureOptions({ adaptiveBinaryIndices: false });
  table.on(['insert', 'update'], row => add(index, row));
  table.on('delete', row => remove(index, row));
  const scan = table.findOne;
  table.findOne = function (wanted) {
    if (!wanted || Object.keys(wanted).join() !== 'PartitionKey,RowKey') return scan.apply(this, arguments);
    const rows = index.get(wanted.PartitionKey);
    const row = rows?.[place(rows, wanted.RowKey)];
    return row?.RowKey === wanted.RowKey ? row : null;
  };
  return index;
}

const getEntityCollection = Store.prototype.getEntityCollection;
Store.prototype.getEntityCollection = function () {
  const table = getEntityCollection.apply(this, arguments);
  indexOf(table);
  return table;
};

// The keys between which all that meets a condition lies; undefined: it names no partition.
function keys(node, found = {}) {
  if (node.name === 'and') {
    keys(node.left, found);
    keys(node.right, found);
  } else if (node.left?.name === 'id' && node.right?.name === 'constant' && typeof node.right.value === 'string') {
    const { left: { identifier }, name, right: { value } } = node;
    if (identifier === 'PartitionKey' && name === 'eq') found.partition = value;
    if (identifier === 'RowKey' && ['eq', 'ge', 'gt'].includes(name) && !(found.from > value)) found.from = value;
    if (identifier === 'RowKey' && ['eq', 'le', 'lt'].includes(name) && !(found.to < value)) found.to = value;
  }
  return found;
}

const queryTableEntities = Store.prototype.queryTableEntities;
Store.prototype.queryTableEntities = async function (context, account, table, options, nextPartition, nextRow) {
  const meets = Conditions.generateQueryForPersistenceLayer(options, context);
  const { partition, from, to } = options.filter ? keys(parse(options.filter)) : {};
  const next = this.decodeContinuationHeader(nextPartition);
  if (partition === undefined || (next !== undefined && next !== partition))
    return queryTableEntities.apply(this, arguments);
  const rows = indexOf(this.getEntityCollection(account, table, context)).get(partition) ?? [];
  const most = this.getMaxResultsOption(options);
  const start = [from, this.decodeContinuationHeader(nextRow)].filter(key => key !== undefined).sort().at(-1);
  const found = [];
  for (let at = start === undefined ? 0 : place(rows, start); at < rows.length && found.length <= most; at++) {
    if (to !== undefined && rows[at].RowKey > to) break;
    if (meets(rows[at])) found.push(rows[at]);
  }
  const { nextPartitionKeyResponse, nextRowKeyResponse } = this.adjustQueryResultforTop(found, most);
  return [found, nextPartitionKeyResponse, nextRowKeyResponse];
};
