"""Understanding: from text to a Reading. Knows nothing of policies, platforms or the store."""

import os

# onnxruntime reports its use to its makers from 1.32 on, unless this is set before it is loaded (microsoft/onnxruntime#27379). A bot that
# reads what patients write tells nobody that it runs.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
