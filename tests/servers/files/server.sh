# What the servers of files have in common. Sourced.

folder=$(mktemp -d /tmp/files-server-XXXXXX)
chmod 755 "$folder"
user="ipt$$"
password="pw-$RANDOM$RANDOM"
process=
made=false

stop() {
    [ -z "$process" ] || kill "$process" 2>/dev/null || true
    [ -z "$process" ] || wait "$process" 2>/dev/null || true
    ! $made || flock /tmp/files-server-users.lock userdel "$user" 2>/dev/null || true
    rm -rf "$folder"
}
trap stop EXIT

# A user of the system, because both servers know no others; it owns nothing and lives as long as the server.
start_user() {
    flock /tmp/files-server-users.lock useradd --no-create-home --home-dir "$folder/files" --shell /bin/sh "$user"
    made=true
    flock /tmp/files-server-users.lock chpasswd <<< "$user:$password"
    mkdir "$folder/files"
    chmod 755 "$folder/files"
}

# Tries ports until the server listens on one. $1: a function that starts it on a port.
listen() {
    for _ in $(seq 20); do
        port=$((20000 + RANDOM % 20000))
        # Somebody else's.
        ! (: < "/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue
        $1 "$port"
        process=$!
        for _ in $(seq 1200); do
            kill -0 "$process" 2>/dev/null || break
            if (: < "/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
                sleep 0.1
                kill -0 "$process" 2>/dev/null && return
            fi
            sleep 0.05
        done
        kill "$process" 2>/dev/null || true
        process=
    done
    echo "The server did not start:" >&2
    cat "$folder"/log "$folder"/output >&2 2>/dev/null || true
    exit 1
}

# Tells what it is, and waits for the end of its input.
say() {
    # shellcheck disable=SC2059
    printf "$@"
    cat > /dev/null
}
