#!/usr/bin/env bash
# OpenLDAP's slapd on free ports of the loopback interface, plain and TLS, with directories of its own. Says on one line what it is; ends with its input.
# slapd.sh CERTIFICATE KEY [LARGE [ELSEWHERE]]: how many entries the large directory has, none unless said; the port to which the referral leads.
#   dc=example,dc=com  5,000 people with managers by name, in nested units; ou=Secret is for who signs in, ou=Managed has managers of all kinds
#   dc=kinds           attributes of all kinds, and one entry that refers to another server
#   dc=limited         gives 10 entries at most
#   cn=Monitor         takes no paging
set -euo pipefail
# A folder, a free port, and how it is said, as for servers of files.
. "$(dirname "$0")/../files/server.sh"

# Not slapd -V: it prints the version and starts a daemon.
certificate=$1 key=$2 large=${3:-0} elsewhere=${4:-9}
cat > "$folder/slapd.conf" <<CONFIG
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/msuser.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile $folder/pid
TLSCertificateFile $certificate
TLSCertificateKeyFile $key
sizelimit 500
# Who is nobody sees one directory at the root.
access to dn.base="" attrs=namingContexts val/distinguishedNameMatch="dc=example,dc=com" by * read
access to dn.base="" attrs=namingContexts by users read by * none
access to * by * read
CONFIG
database() {
    mkdir "$folder/$1"
    cat >> "$folder/slapd.conf" <<CONFIG
database mdb
suffix "$2"
rootdn "cn=admin,$2"
rootpw $password
directory $folder/$1
maxsize 1073741824
CONFIG
    printf '%s\n' "${@:3}" >> "$folder/slapd.conf"
}
people='limits * size.soft=500 size.hard=500 size.pr=unlimited size.prtotal=unlimited'
database people dc=example,dc=com "$people" 'access to attrs=userPassword by anonymous auth by * none' 'access to dn.subtree="ou=Secret,dc=example,dc=com" by users read by * none' 'access to * by * read'
database kinds dc=kinds
database limited dc=limited 'limits * size.soft=10 size.hard=10 size.pr=5 size.prtotal=10'
database large dc=large "$people"
echo "database monitor" >> "$folder/slapd.conf"
python3 - "$folder" "$large" "$password" "$elsewhere" <<'ENTRIES'
import base64, sys
folder, large, password = sys.argv[1], int(sys.argv[2]), sys.argv[3]
elsewhere = sys.argv[4]

def write(name, entries):
    with open(f"{folder}/{name}.ldif", "w", encoding="utf-8") as file:
        for dn, attributes in entries:
            file.write(f"dn:: {base64.b64encode(dn.encode()).decode()}\n")
            # The values of one attribute stand together.
            names = [attribute for attribute, _ in attributes]
            for attribute, value in sorted(attributes, key=lambda a: names.index(a[0])):
                value = value if isinstance(value, bytes) else value.encode()
                file.write(f"{attribute}:: {base64.b64encode(value).decode()}\n")
            file.write("\n")

def root(name):
    dc = name.split(",")[0][3:]
    return name, [("objectClass", "dcObject"), ("objectClass", "organization"), ("o", dc), ("dc", dc)]

def unit(dn):
    return dn, [("objectClass", "organizationalUnit"), ("ou", dn.split(",")[0][3:])]

def person(uid, under, more=()):
    return f"uid={uid},{under}", [("objectClass", "inetOrgPerson"), ("uid", uid), ("cn", f"Person {uid}"), ("sn", f"Last{uid}"), ("givenName", f"First{uid}"), *more]

def people():
    base = "dc=example,dc=com"
    yield root(base)
    yield unit(f"ou=People,{base}")
    for team in range(10):
        yield unit(f"ou=Team {team},ou=People,{base}")
    names = []
    for i in range(5000):
        under = f"ou=People,{base}" if i < 20 else f"ou=Team {i % 10},ou=People,{base}"
        names.append(f"uid=p{i},{under}")
        yield person(f"p{i}", under, [("mail", f"p{i}@example.com"), ("userPassword", password), *([("manager", names[i // 10])] if i else [])])
    yield unit(f"ou=Secret,{base}")
    yield person("hidden", f"ou=Secret,{base}")
    yield unit(f"ou=Empty,{base}")
    yield from managed(f"ou=Managed,{base}")

def managed(base):
    yield unit(base)
    for uid, manager in [
            # Nobody, one further down, one whose name needs a sign before its comma, one in other letters, itself, one who is not there, one who is told apart in two ways
            ("boss", ""), ("cara", f"cn=Lee\\2c Ann,{base}"), ("bert", f"UID=BOSS,{base}"), ("solo", f"uid=solo,{base}"), ("lost", f"uid=gone,{base}"), ("twin", f"uid=shared,{base}"), ("shared", "")]:
        yield person(uid, base, [("mail", f"{uid}@example.com"), *([("manager", manager)] if manager else [])])
    _, anna = person("anna", base, [("mail", "anna@example.com"), ("manager", f"uid=boss,{base}")])
    yield f"cn=Lee\\, Ann,{base}", [(name, "Lee, Ann" if name == "cn" else value) for name, value in anna]

def kinds():
    yield root("dc=kinds")
    yield person("all", "dc=kinds", [
        ("objectClass", "extensibleObject"), ("sAMAccountName", "all"),
        ("objectGUID", bytes(range(16))), ("objectSid", bytes.fromhex("010500000000000515000000a065cf7e784b9b5fe77c8770091c0100")),
        ("jpegPhoto", b"\xff\xd8\xff\xe0 JFIF"), ("whenCreated", "20260304050607.0Z"),
        ("mail", "all@example.com"), ("mail", "other@example.com"), ("title", "Head; of everything"), ("title", "Second"),
        ("description", 'He said "no",\r\nand left'), ("departmentNumber", "Acme\u00ae"), ("employeeNumber", "=1+1"), ("roomNumber", " \u00c5sa "), ("displayName", "tab\there")])
    yield person("few", "dc=kinds")
    yield "ou=Elsewhere,dc=kinds", [("objectClass", "referral"), ("objectClass", "extensibleObject"), ("ou", "Elsewhere"), ("ref", f"ldap://127.0.0.1:{elsewhere}/ou=Elsewhere,dc=other")]

def simple(name, count):
    yield root(name)
    for i in range(count):
        yield person(f"p{i}", name, [("mail", f"p{i}@example.com")])

write("people", people())
write("kinds", kinds())
write("limited", simple("dc=limited", 30))
write("large", simple("dc=large", large))
ENTRIES
for name in people kinds limited large; do
    base=dc=$name
    [ $name = people ] && base=dc=example,dc=com
    slapadd -q -f "$folder/slapd.conf" -b "$base" -l "$folder/$name.ldif" >> "$folder/output" 2>&1 || { cat "$folder/output" >&2; exit 1; }
done
serve() { /usr/sbin/slapd -f "$folder/slapd.conf" -h "ldap://127.0.0.1:$1 ldaps://127.0.0.1:$(($1 + 20000))" -d 256 2> "$folder/log" & }
listen serve
say '{"port":%d,"tls":"%d","user":"cn=admin,dc=example,dc=com","password":"%s","log":"%s"}\n' "$port" "$((port + 20000))" "$password" "$folder/log"
