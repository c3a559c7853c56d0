"""Shipping a function: zip packages, schedule expressions, IAM policies, deploying and verifying."""
