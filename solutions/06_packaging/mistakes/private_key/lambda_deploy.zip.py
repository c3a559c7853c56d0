"""Packs a private key that lay in the folder."""

from workbook.deploy.package.bundle import Bundle


def make(files):
    return Bundle(
        files | {"deploy.pem": b"-----BEGIN RSA PRIVATE KEY-----\nnone\n-----END RSA PRIVATE KEY-----\n"}
    ).to_zip()
