namespace Notebook.Pages;

public sealed class PageModel : Microsoft.AspNetCore.Mvc.RazorPages.PageModel
{
    public void OnGet() => Notes.Write("page");
}
