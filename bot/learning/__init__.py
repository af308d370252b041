"""What can be learnt from how humans here settle cases: figures, digest, labelled lines, the audit."""
