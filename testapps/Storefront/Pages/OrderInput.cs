using System.ComponentModel.DataAnnotations;

namespace Storefront.Pages;

public class OrderInput
{
    [Display(Name = "Product")]
    [Range(1, int.MaxValue, ErrorMessage = "Please choose a product.")]
    public int ProductId { get; set; }

    [Range(1, 10, ErrorMessage = "Please order between {1} and {2} pieces.")]
    public int Quantity { get; set; } = 1;

    [Display(Name = "E-mail")]
    [Required(ErrorMessage = "Please enter your e-mail address.")]
    [EmailAddress(ErrorMessage = "This is not an e-mail address.")]
    public string Email { get; set; } = "";
}
