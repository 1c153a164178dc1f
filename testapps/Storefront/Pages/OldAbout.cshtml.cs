using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Storefront.Pages;

/// <summary>The shop once had an about page; old links to it lead to the products.</summary>
public class OldAboutModel : PageModel
{
    public IActionResult OnGet() => RedirectToPage("/Index");
}
