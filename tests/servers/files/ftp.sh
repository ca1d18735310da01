#!/usr/bin/env bash
# vsftpd on a free port of the loopback interface, with a user and files of its own. Says on one line what it is; ends with its input.
# ftp.sh plain; ftp.sh tls CERTIFICATE KEY; further arguments are lines of its configuration, such as cmds_denied=EPSV.
set -euo pipefail
. "$(dirname "$0")/server.sh"

kind=$1
shift
start_user
mkdir "$folder/anonymous" "$folder/empty"
chmod 755 "$folder/anonymous" "$folder/empty"
cat > "$folder/vsftpd.conf" <<CONFIG
listen=YES
listen_address=127.0.0.1
background=NO
seccomp_sandbox=NO
anonymous_enable=YES
anon_root=$folder/anonymous
local_enable=YES
local_root=$folder/files
chroot_local_user=YES
allow_writeable_chroot=YES
secure_chroot_dir=$folder/empty
pam_service_name=vsftpd
userlist_enable=NO
max_clients=100
max_per_ip=100
vsftpd_log_file=$folder/log
log_ftp_protocol=YES
xferlog_enable=YES
CONFIG
if [ "$kind" = tls ]; then
    cat >> "$folder/vsftpd.conf" <<CONFIG
ssl_enable=YES
force_local_logins_ssl=YES
force_local_data_ssl=YES
ssl_tlsv1=YES
require_ssl_reuse=YES
ssl_ciphers=HIGH
rsa_cert_file=$1
rsa_private_key_file=$2
CONFIG
    shift 2
fi
printf '%s\n' "$@" >> "$folder/vsftpd.conf"
serve() { /usr/sbin/vsftpd "$folder/vsftpd.conf" -olisten_port="$1" >"$folder/output" 2>&1 & }
listen serve
say '{"port":%d,"user":"%s","password":"%s","folder":"%s","anonymous":"%s","log":"%s"}\n' "$port" "$user" "$password" "$folder/files" "$folder/anonymous" "$folder/log"
