using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Storefront.Pages;

public class BoomModel : PageModel
{
    public void OnGet()
    {
        throw new InvalidOperationException("The storefront is on fire.");
    }
}
