// A Windows image with Packer: your own steps, then azmend's, then sysprep. See README.md beside this file.
//   packer init . && packer build -var subscription_id=... -var gallery_group=... -var gallery=... -var image=... -var image_version=1.0.0 .
packer {
  required_plugins {
    azure = {
      source  = "github.com/hashicorp/azure"
      version = "~> 2"
    }
  }
}

variable "subscription_id" { type = string }
variable "gallery_group" { type = string }
variable "gallery" { type = string }
variable "image" { type = string }
variable "image_version" { type = string }
variable "location" {
  type    = string
  default = "japaneast"
}

source "azure-arm" "windows" {
  use_azure_cli_auth = true
  subscription_id    = var.subscription_id
  location           = var.location
  vm_size            = "Standard_D2s_v5"
  os_type            = "Windows"
  image_publisher    = "MicrosoftWindowsServer"
  image_offer        = "WindowsServer"
  image_sku          = "2022-datacenter-azure-edition"

  communicator   = "winrm"
  winrm_use_ssl  = true
  winrm_insecure = true
  winrm_timeout  = "10m"
  winrm_username = "packer"

  shared_image_gallery_destination {
    subscription   = var.subscription_id
    resource_group = var.gallery_group
    gallery_name   = var.gallery
    image_name     = var.image
    image_version  = var.image_version
    target_region {
      name = var.location
    }
  }
}

build {
  sources = ["source.azure-arm.windows"]

  // Your own steps go here.

  provisioner "file" {
    source      = "azmend.exe"
    destination = "C:/Windows/Temp/azmend.exe"
  }
  // The program that was delivered, and no other.
  provisioner "powershell" {
    inline = ["if ((Get-FileHash C:/Windows/Temp/azmend.exe -Algorithm SHA256).Hash -ne '@AZMEND_SHA256@') { exit 1 }"]
  }
  provisioner "powershell" {
    elevated_user     = "SYSTEM"
    elevated_password = ""
    inline            = ["& C:/Windows/Temp/azmend.exe fix; exit $LASTEXITCODE"]
    valid_exit_codes  = [0, 11]
  }
  provisioner "windows-restart" {}
  provisioner "powershell" {
    elevated_user     = "SYSTEM"
    elevated_password = ""
    inline            = ["& C:/Windows/Temp/azmend.exe seal; if ($LASTEXITCODE) { exit $LASTEXITCODE }; Remove-Item C:/Windows/Temp/azmend.exe"]
  }
  // Last: nothing runs behind it.
  provisioner "powershell" {
    inline = [
      "while ((Get-Service WindowsAzureGuestAgent).Status -ne 'Running') { Start-Sleep -Seconds 5 }",
      "& $env:SystemRoot/System32/Sysprep/Sysprep.exe /oobe /generalize /quiet /quit /mode:vm",
      "do { Start-Sleep -Seconds 10; $state = (Get-ItemProperty HKLM:/SOFTWARE/Microsoft/Windows/CurrentVersion/Setup/State).ImageState } until ($state -eq 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE')",
    ]
  }
}
