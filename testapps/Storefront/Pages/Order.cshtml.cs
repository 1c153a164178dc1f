using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Storefront.Data;

namespace Storefront.Pages;

public class OrderModel(ShopContext db) : PageModel
{
    [BindProperty]
    public OrderInput Input { get; set; } = new();

    public IReadOnlyList<Product> Products { get; private set; } = [];

    /// <summary>The price of what the form asks for, once a quote was asked for.</summary>
    public decimal? Quote { get; private set; }

    public async Task OnGetAsync(int productId = 0)
    {
        Input.ProductId = productId;
        await LoadProductsAsync();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await LoadProductsAsync();
        var product = FindProduct();
        if (!ModelState.IsValid || product is null)
            return Page();

        var order = new Order
        {
            ProductId = product.Id,
            Quantity = Input.Quantity,
            Email = Input.Email,
            Total = product.Price * Input.Quantity,
        };
        db.Orders.Add(order);
        await db.SaveChangesAsync();
        return RedirectToPage("/Thanks", new { id = order.Id });
    }

    public async Task<IActionResult> OnPostQuoteAsync()
    {
        // A quote needs no e-mail address.
        ModelState.Remove("Input.Email");

        await LoadProductsAsync();
        var product = FindProduct();
        if (ModelState.IsValid && product is not null)
            Quote = product.Price * Input.Quantity;

        return Page();
    }

    private async Task LoadProductsAsync()
    {
        Products = await db.Products.AsNoTracking().OrderBy(product => product.Id).ToListAsync();
    }

    private Product? FindProduct()
    {
        var product = Products.FirstOrDefault(product => product.Id == Input.ProductId);
        if (product is null && ModelState.IsValid)
            ModelState.AddModelError("Input.ProductId", "We do not have this product.");

        return product;
    }
}
