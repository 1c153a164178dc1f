using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Notebook.Pages;

/// <summary>Looks at its own calls before they come to the handler.</summary>
[IgnoreAntiforgeryToken]
public sealed class DiaryModel : Microsoft.AspNetCore.Mvc.RazorPages.PageModel
{
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        Notes.Write("own filter method");
        if (!Request.Headers.ContainsKey("Key"))
            context.Result = new ForbidResult();
    }

    public async Task OnGetAsync() => await Task.Yield();

    public void OnPost([FromBody] string entry)
    {
    }
}
