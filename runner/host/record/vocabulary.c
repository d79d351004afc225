/* SPDX-License-Identifier: MIT */
#include "host/record/vocabulary.h"

#include <stddef.h>

#include "host/nouns/firewall/firewall.h"
#include "host/nouns/licensing/licensing.h"
#include "host/platform.h"

const char *const vocabulary[] = {
    /* the notation: JSON in registry keys and answers, XML of events */
    "listed Event xmlns http https schemas microsoft com win 2004 08 events event System Provider Name EventID "
    "TimeCreated SystemTime EventRecordID EventData Data amp lt gt apos quot get tcp kms port of hosts AAAA SRV azmend "
    "behind an that cannot be read machine cached registry subkeys service file content names in security task events "
    "certificate message chain licensing products firewall system random",
    /* this program's own policy */
    "Policies azmend Mode DeniedFindings DeniedNouns check fix off",
    /* applications whose licences the service keeps: Windows and Office */
    LICENSING_WINDOWS_APPLICATION " 0ff1ce15-a989-479d-af46-f275c6370663 59a52881-a989-479d-af46-f275c6370663",
    /* names and addresses of the platform */
    PLATFORM_ASSET_TAG " " PLATFORM_IMDS " " PLATFORM_HOST " localhost vlmcs _vlmcs _tcp wpad internal cloudapp",
    /* domains of everybody */
    "com net org info biz edu gov mil int local lan corp home arpa internal intranet example invalid test",
    /* editions, channels and states of licences; what Windows calls itself */
    "Windows Microsoft Server Client Core Core_ Workstation Professional Enterprise EnterpriseN EnterpriseS "
    "Education EducationN ServerRdsh IoTEnterprise ServerStandard ServerDatacenter ServerStandardEval "
    "ServerDatacenterEval ServerStandardCor ServerDatacenterCor ServerTurbine ServerTurbineCor ServerAzureCor "
    "ServerSolution ServerStorageStandard ServerWeb CloudEdition Datacenter Standard Azure Edition Evaluation Pro "
    "Operating LTSC LTSB multi session channel VOLUME_KMSCLIENT VOLUME_MAK VOLUME_KMS RETAIL OEM OEM_COA_NSLP "
    "OEM_COA_SLP OEM_DM OEM_SLP TIMEBASED_EVAL VIRTUAL_MACHINE_ACTIVATION R Volume Retail GVLK MAK KMS 21H2 22H2 23H2 "
    "24H2 25H2 1607 1709 1809 2009 1507 x64 x86 arm64 amd64",
    /* places of files and the registry */
    "HKLM HKU SOFTWARE SYSTEM CurrentControlSet SystemRoot WINDIR ProgramData SystemDrive System32 SysWOW64 drivers "
    "etc spp store tokens dat sppsvc exe dll sys hosts svchost netsvcs LocalService NetworkService LocalSystem k "
    "DefaultAccessPermission DisableRootAutoUpdate Domain EditionID Enabled Office ClickToRun Configuration "
    "ProductReleaseIds Ole Connections Internet Settings SystemCertificates AuthRoot DNSClient Policies Control "
    "Session Manager Environment Services Tcpip Parameters Interfaces W32Time LicenseStatus SearchList TokenStore "
    "DnsPolicyConfig Dnscache Network 4D36E972-E325-11CE-BFC1-08002BE10318 Connection "
    "WinHttpSettings WinINET slmgr vbs ServiceProfiles AppData Roaming bak old Server NameServer DhcpNameServer "
    "KeyManagementServiceName KeyManagementServicePort KeyManagementServiceLookupDomain InstallationType UBR "
    "DomainRole CurrentVersion Type DhcpIPAddress IPAddress DhcpDomain DhcpServer EnableDHCP no_proxy http_proxy "
    "https_proxy all_proxy ProxyEnable ProxyServer ProxyOverride comp versions "
    "Program Files x86 ProgramFiles CommonProgramFiles wmi wbem inf",
    /* what connects to a KMS, and this program's own rules */
    FIREWALL_KMS_CLIENT " " FIREWALL_KMS_SERVICE " " FIREWALL_OWN_GROUP " " FIREWALL_PROBE_RULE,
    /* tokens of the firewall */
    "LocalSubnet DNS DHCP WINS DefaultGateway Internet Intranet RmtIntranet PlayToDevice All Lan Wireless RemoteAccess "
    "policy mdm domain private public",
    /* members and words of the Instance Metadata Service; certificates */
    "compute network azEnvironment AzurePublicCloud AzureChinaCloud AzureUSGovernmentCloud vmId vmScaleSetName "
    "vmSize subscriptionId resourceGroupName resourceId location name offer publisher sku version plan product "
    "osType licenseType storageProfile imageReference osDisk tags tagsList value zone platformFaultDomain "
    "virtualMachines virtualMachineScaleSets providers subscriptions resourceGroups interface ipv4 ipv6 ipAddress "
    "privateIpAddress publicIpAddress macAddress subnet address prefix loadbalancer publicIpAddresses inboundRules "
    "outboundRules frontendIpAddress error newest versions Bad request Not found nonce timeStamp createdOn expiresOn "
    "encoding pkcs7 signature metadata instance attested document format json api additionalCapabilities "
    "hibernationEnabled isHostCompatibilityLayerVm isVmInStandbyPool evictionPolicy priority Regular Spot "
    "MicrosoftWindowsServer WindowsServer microsoftwindowsdesktop "
    "application octet stream charset utf text html plain xml CN O OU C ST L DC US Corporation DigiCert Inc Global "
    "Root CA G2 G3 TLS RSA SHA256 SHA384 Certificate Authority Issuing",
    /* what an outcome of the network says */
    "open answered accepted rejected refused reset timeout unreachable denied no_name no_data server_failure closed "
    "garbage too_large failed hr HResult",
    NULL,
};
