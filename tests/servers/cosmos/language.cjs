// What the query language of @vercel/cosmosdb-server lacks and the record store asks for: comparing texts without regard to case, numbers in texts
// (learn.microsoft.com/cosmos-db/query: CONTAINS, STARTSWITH, StringEquals, StringToNumber), and EXISTS over a path that an item does not have.
const functions = require('@zeit/cosmosdb-query/lib/builtin-functions');
const executor = require('@zeit/cosmosdb-query/lib/executor');

const textTest = compare => (text, part, anyCase = false) => {
    if (typeof text !== 'string' || typeof part !== 'string') return undefined;
    return anyCase ? compare(text.toLowerCase(), part.toLowerCase()) : compare(text, part);
};
functions.CONTAINS = textTest((text, part) => text.includes(part));
functions.STARTSWITH = textTest((text, part) => text.startsWith(part));
functions.STRINGEQUALS = textTest((text, part) => text === part);
functions.STRINGTONUMBER = text => {
    const isNumber = typeof text === 'string' && /^\s*-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?\s*$/.test(text);
    return isNumber ? Number(text) : undefined;
};

// Queries are run as JavaScript, in which a path through something undefined throws; in the language it is undefined.
const run = executor.default;
executor.default = (items, query) => run(items, { ...query, code: query.code.replace(/\(c\.body\.(\w+)\["(\w+)"\] \|\| \[\]\)/g, '(c.body?.$1?.["$2"] || [])') });
