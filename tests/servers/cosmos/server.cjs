// A Cosmos DB server on 127.0.0.1 for the tests, with the gateway's protocol over HTTPS: node server.cjs PORT (0: any that is free). It says its
// address. It keeps everything in memory, checks no key, and ends when its standard input does. What @vercel/cosmosdb-server lacks and the .NET
// client asks for is done here, so that it serves any program, the whole app too:
// - it wants queries to be marked as going over partitions, whatever partition they name (it does not look at that one at all);
// - it answers a request for a query's plan with documents: the plan says that the query is to be sent as it is;
// - it fails (500) when an item is read that is not there: 404;
// - its query language lacks functions: language.cjs;
// - it charges 1 for everything: here each kind of request has a charge of its own, which the tests know (tests/CosmosServer.cs).
require('./language.cjs');
const { createHttpsServer } = require('@vercel/cosmosdb-server');

const plan = JSON.stringify({
    partitionedQueryExecutionInfoVersion: 2,
    queryInfo: {
        distinctType: 'None', top: null, offset: null, limit: null, orderBy: [], orderByExpressions: [], groupByExpressions: [], groupByAliases: [],
        aggregates: [], groupByAliasToAggregateType: {}, rewrittenQuery: '', hasSelectValue: false, dCountInfo: null,
    },
    queryRanges: [{ min: '', max: 'FF', isMinInclusive: true, isMaxInclusive: false }],
});

const server = createHttpsServer({ keepAlive: true });
const [serve] = server.listeners('request');
server.removeListener('request', serve);
// A connection that is closed for being idle, just as a request comes, is a failure that no test is about.
server.keepAliveTimeout = 0;
server.on('request', (request, response) => {
    const isQuery = request.method === 'POST' && request.headers['content-type'] === 'application/query+json';
    if (isQuery && request.headers['x-ms-cosmos-is-query-plan-request']) {
        request.resume();
        response.setHeader('content-type', 'application/json');
        response.setHeader('x-ms-request-charge', '0');
        response.end(plan);
        return;
    }
    if (isQuery) request.headers['x-ms-documentdb-query-enablecrosspartition'] = 'True';
    const isItem = /\/docs\/[^/]+$/.test(request.url);
    const end = response.end.bind(response);
    response.end = body => {
        const isMissing = isItem && request.method === 'GET' && response.statusCode === 500;
        if (isMissing) response.statusCode = 404;
        response.setHeader('x-ms-request-charge', charge(request, isItem, isQuery));
        end(isMissing ? '{"code":"NotFound","message":"No such item"}' : body);
    };
    serve(request, response);
});

function charge(request, isItem, isQuery) {
    if (isQuery) return '2.5';
    if (isItem) return { GET: '1', PUT: '10.25', DELETE: '6' }[request.method] ?? '0';
    return request.method === 'POST' && request.url.endsWith('/docs') ? '5.5' : '0';
}

server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log(`https://127.0.0.1:${server.address().port}/`));

const end = () => process.exit(0);
process.stdin.on('end', end).on('error', end).resume();
