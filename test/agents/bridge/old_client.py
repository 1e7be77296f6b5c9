"""An old client in Python: nothing but a socket and JSON, one read for each answer.

Usage: old_client.py PORT SESSION_FILE register NAME | send TO TEXT | check | list | rename NAME
The secret is in IPC_SHARED_SECRET. Prints the answer as JSON.
"""

import hashlib
import json
import os
import socket
import sys


def ask(port, request):
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    connection.settimeout(5.0)
    connection.connect(("127.0.0.1", port))
    connection.send(json.dumps(request).encode("utf-8"))
    # Once, and no more than this: what comes later is lost.
    answer = json.loads(connection.recv(65536).decode("utf-8"))
    connection.close()
    return answer


def main():
    port, session_file, action, *rest = sys.argv[1:]
    port = int(port)
    if action == "register":
        (name,) = rest
        secret = os.environ.get("IPC_SHARED_SECRET", "")
        proof = hashlib.sha256((name + ":" + secret).encode()).hexdigest() if secret else ""
        answer = ask(port, {"action": "register", "instance_id": name, "auth_token": proof})
        if answer["status"] == "ok":
            with open(session_file, "w") as file:
                json.dump({"instance_id": name, "session_token": answer["session_token"]}, file)
    else:
        with open(session_file) as file:
            session = json.load(file)
        name = session["instance_id"]
        request = {"action": action, "session_token": session["session_token"]}
        if action == "send":
            request.update(from_id=name, to_id=rest[0], message={"content": rest[1]})
        elif action == "check":
            request.update(instance_id=name)
        elif action == "rename":
            request.update(old_id=name, new_id=rest[0])
        answer = ask(port, request)
        if action == "rename" and answer["status"] == "ok":
            session["instance_id"] = rest[0]
            with open(session_file, "w") as file:
                json.dump(session, file)
    print(json.dumps(answer))


main()
