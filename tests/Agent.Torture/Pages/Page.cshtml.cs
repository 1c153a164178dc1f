using Microsoft.AspNetCore.Mvc;

namespace Agent.Torture.Pages;

public sealed class PageModel : Microsoft.AspNetCore.Mvc.RazorPages.PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Name { get; set; }

    public IReadOnlyList<string> Items { get; private set; } = [];

    public async Task OnGetAsync()
    {
        await Task.Yield();
        Items = ["a", "bcd", "<e>"];
    }
}
