#!/usr/bin/env bash
# OpenSSH's sshd on a free port of the loopback interface, with keys, a user and files of its own. Says on one line what it is; ends with its input.
# Arguments are lines of its configuration that win over those below, such as "MaxAuthTries 1".
set -euo pipefail
. "$(dirname "$0")/server.sh"

start_user
# A key of each kind, as systems make them.
for kind in ed25519 ecdsa; do ssh-keygen -q -t "$kind" -N '' -f "$folder/host_key_$kind"; done
ssh-keygen -q -t rsa -b 2048 -N '' -f "$folder/host_key_rsa"
ssh-keygen -q -t ed25519 -N 'open sesame' -f "$folder/locked_key"
ssh-keygen -q -t rsa -b 2048 -m PEM -N '' -f "$folder/rsa_key"
cat "$folder/locked_key.pub" "$folder/rsa_key.pub" > "$folder/authorized_keys"
chmod 644 "$folder/authorized_keys"
mkdir -p /run/sshd
# Of several values the first counts.
printf '%s\n' "$@" > "$folder/sshd_config"
cat >> "$folder/sshd_config" <<CONFIG
ListenAddress 127.0.0.1
HostKey $folder/host_key_ed25519
HostKey $folder/host_key_ecdsa
HostKey $folder/host_key_rsa
PidFile $folder/sshd.pid
AuthorizedKeysFile $folder/authorized_keys
AllowUsers $user
PasswordAuthentication yes
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
MaxStartups 200
Subsystem sftp internal-sftp
CONFIG
serve() { /usr/sbin/sshd -D -e -f "$folder/sshd_config" -p "$1" >"$folder/log" 2>&1 & }
listen serve
say '{"port":%d,"user":"%s","password":"%s","folder":"%s","keys":"%s"}\n' "$port" "$user" "$password" "$folder/files" "$folder"
