"""A Python agent for tests: sends what it is told on stdin, and writes what comes to stdout, as JSON lines."""

import json
import sys
import threading

from bellhop import Client


def send_what_is_told(agent: Client) -> None:
    for line in sys.stdin:
        told = json.loads(line)
        sent = agent.send(told["to"], told["content"])
        print(json.dumps({"sent": sent.id}), flush=True)


def main() -> None:
    with Client(sys.argv[1]) as agent:
        threading.Thread(target=send_what_is_told, args=(agent,), daemon=True).start()
        print(json.dumps({"registered": agent.name}), flush=True)
        for message in agent.messages():
            print(json.dumps({"from": message.sender, "content": agent.read_body(message)}), flush=True)
            agent.ack(message)


if __name__ == "__main__":
    main()
