import { driveClient } from './client-driver.ts'

driveClient({})
