using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Mirror.Pages;

public sealed class IndexModel : PageModel
{
    public string Text { get; private set; } = "";

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context) => Glass.Look("page filter before");

    public override void OnPageHandlerExecuted(PageHandlerExecutedContext context) => Glass.Look("page filter after");

    public async Task OnGetAsync()
    {
        Glass.Look("page handler");
        await Task.Yield();
        Glass.Look("page handler later");
        Text = "looked";
    }
}
