"""The student's own AWS account, and the resources in it that a deployment is made of."""
