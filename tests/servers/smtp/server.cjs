// A mail server on 127.0.0.1 with STARTTLS and AUTH: node server.cjs KEY CERTIFICATE PORT (0: any that is free), both files in PEM. It says its
// port, then each mail that it took as a line of JSON. It takes mails only of the user "mailer" with the password "correct horse", and only
// over TLS; recipients that begin with "refused" it never takes, those that begin with "later" not yet. It ends when its standard input does.
const { readFileSync } = require('node:fs');
const { SMTPServer } = require('smtp-server');

const [key, certificate, port] = process.argv.slice(2);
const failure = (code, text) => Object.assign(new Error(text), { responseCode: code });

const server = new SMTPServer({
    key: readFileSync(key),
    cert: readFileSync(certificate),
    authMethods: ['PLAIN', 'LOGIN'],
    onAuth(auth, session, done) {
        const known = session.secure && auth.username === 'mailer' && auth.password === 'correct horse';
        done(known ? null : failure(535, '5.7.8 Not known here'), known ? { user: auth.username } : undefined);
    },
    onRcptTo(address, session, done) {
        if (address.address.startsWith('refused')) done(failure(550, '5.1.1 No such mailbox'));
        else if (address.address.startsWith('later')) done(failure(451, '4.7.1 Greylisted, come again'));
        else done();
    },
    onData(stream, session, done) {
        const parts = [];
        stream.on('data', part => parts.push(part)).on('end', () => {
            const { mailFrom, rcptTo } = session.envelope;
            console.log(JSON.stringify({
                secure: session.secure, user: session.user, from: mailFrom.address, to: rcptTo.map(r => r.address), mail: Buffer.concat(parts).toString('base64'),
            }));
            done();
        });
    },
});
// A client that goes away in the middle of TLS is no reason to end.
server.on('error', error => console.error(error.message));
server.listen(Number(port), '127.0.0.1', () => console.log(server.server.address().port));

const end = () => process.exit(0);
process.stdin.on('end', end).on('error', end).resume();
