HTML = (
    "<script>document.title='passed'</script><img src=x onerror=alert(1)>\"'--></td></table><style>*{display:none}</style>"
    "]]><![CDATA[ <!-- &lt;b&gt; {{7*7}} ${7*7} <% %> [link](javascript:alert(1)) `code` |a|b| <details open ontoggle=a()>"
)


def lambda_handler(event, context):
    print(HTML)
    raise ValueError(HTML)
