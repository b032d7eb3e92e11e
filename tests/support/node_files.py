"""What tests of whole nodes write into their files, and the ports that they give them."""
import base64
import hashlib
import os
import socket

CALENDAR = """<calendar zone="Asia/Shanghai"><week days="mon tue wed thu fri sat sun" open="00:00-24:00"/></calendar>
"""


def password_hash(password):
    salt = os.urandom(16)
    key = hashlib.scrypt(password.encode(), salt=salt, n=16, r=1, p=1, dklen=32)  # cheap: log-in is tested elsewhere
    return "scrypt$16$1$1$" + base64.b64encode(salt).decode() + "$" + base64.b64encode(key).decode()


def users(roles):
    """`roles` by name; passwords equal names, and agents have a telephone."""
    phone = ' agent="SIP/1001" device="SIP/1001"'
    return "".join(f'<user name="{name}" role="{role}"{phone if role == "agent" else ""} '
                   f'password_hash="{password_hash(name)}"/>\n' for name, role in roles.items())


def free_ports(count):
    held = []
    for _ in range(count):
        held.append(socket.socket())
        held[-1].bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


def free_port():
    return free_ports(1)[0]
